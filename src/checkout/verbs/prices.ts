import type { DayPrice } from '#catalog/price/day-prices';
import { type Equivalent, isCovered, priceParts, unitPriceOf } from '#catalog/price/equivalents';
import { procuredPriceOn } from '#catalog/price/notices';
import { businessDateTime, businessDay, parseBusinessDateTime } from '#core/business-time';
import { type Fault, fault } from '#core/fault';
import { formatMoney, formatRatio, formatUnitPrice, oneUnit } from '#core/money';
import { CatalogUnreadable, type PriceChange } from '#core/ports/catalog-store';
import { err, ok, type Result } from '#core/result';
import type {
  ComparedProduct,
  DayPriceRow,
  DayPrices,
  EquivalentRow,
  PriceChangeRow,
  Till,
} from '../facade.ts';
import { productView } from '../present/parts-of-view.ts';
import type { TillCore } from '../till-core.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** As many as a person at the counter looks through. */
const EQUIVALENTS = 10;

/** What an inspector asks about prices, and what else a customer could buy. */
export function priceVerbs(core: TillCore): Pick<Till, 'dayPrices' | 'priceLog' | 'equivalents'> {
  const { clock, catalog } = core.parts;
  return {
    dayPrices(asked, after, limit) {
      const current = catalog();
      if (current === undefined) return err(fault('catalog-none'));
      const today = businessDay(clock.nowMs());
      const day = asked ?? today;
      if (day > today) return err(fault('catalog-prices-unknown', day));
      const found = current.dayPrices(day, after);
      if (!found.ok) return found;
      const piece = pieceOf(found.value, limit);
      if (!piece.ok) return piece;
      const rows = piece.value.map((row) => dayPriceRow(row, day));
      const last = piece.value.at(-1);
      const next = piece.value.length < limit || last === undefined ? {} : { next: last.position };
      return ok({ day, catalogVersion: current.version.version, rows, ...next } satisfies DayPrices);
    },
    priceLog({ from, to, shopCode }, limit) {
      const current = catalog();
      if (current === undefined) return err(fault('catalog-none'));
      const fromMs = from === undefined ? 0 : parseBusinessDateTime(`${from} 00:00:00`);
      const lastMs = to === undefined ? clock.nowMs() : parseBusinessDateTime(`${to} 00:00:00`);
      if (fromMs === undefined || lastMs === undefined) return err(fault('request-invalid', 'no such day'));
      const of = shopCode === undefined ? {} : { shopCode };
      const found = current.priceLog({ fromMs, toMs: lastMs + DAY_MS, ...of }, limit);
      return found.ok ? ok(found.value.map(priceChangeRow)) : found;
    },
    equivalents(shopCode) {
      const current = catalog();
      if (current === undefined) return err(fault('catalog-none'));
      const found = current.findByShopCode(shopCode);
      if (!found.ok) return found;
      const asked = {
        product: found.value,
        covered: isCovered(found.value),
        ...priceParts(found.value, oneUnit),
      };
      const rows = current.equivalents(found.value, EQUIVALENTS).map(equivalentRow);
      return ok({ asked: compared(asked), rows });
    },
  };
}

function pieceOf(rows: Iterable<DayPrice>, limit: number): Result<readonly DayPrice[], Fault> {
  const piece: DayPrice[] = [];
  try {
    for (const row of rows) {
      piece.push(row);
      if (piece.length >= limit) break;
    }
    return ok(piece);
  } catch (error) {
    if (!(error instanceof CatalogUnreadable)) throw error;
    return err(fault('catalog-damaged', error.message));
  }
}

function dayPriceRow(row: DayPrice, day: string): DayPriceRow {
  const { shopCode, genericName, specification, maker, packUnit, product } = row;
  const procured = product === undefined ? undefined : procuredPriceOn(product, day);
  return {
    shopCode,
    ...(product?.nationalCode === undefined ? {} : { nationalCode: product.nationalCode }),
    genericName,
    ...(product?.tradeName === undefined ? {} : { tradeName: product.tradeName }),
    specification,
    maker,
    packUnit,
    price: formatUnitPrice(row.price),
    ...(row.before === undefined ? {} : { before: formatUnitPrice(row.before) }),
    ...(product === undefined
      ? {}
      : {
          insuranceClass: product.insuranceClass,
          firstSelfPayRatio: formatRatio(product.firstSelfPayRatio),
        }),
    ...(product?.ceiling === undefined ? {} : { ceiling: formatUnitPrice(product.ceiling) }),
    ...(procured === undefined ? {} : { procuredPrice: formatUnitPrice(procured) }),
  };
}

function priceChangeRow(change: PriceChange): PriceChangeRow {
  const { oldPrice, newPrice, changedAtMs, version, ...facts } = change;
  return {
    at: businessDateTime(changedAtMs),
    ...facts,
    ...(oldPrice === undefined ? {} : { oldPrice: formatUnitPrice(oldPrice) }),
    ...(newPrice === undefined ? {} : { newPrice: formatUnitPrice(newPrice) }),
    catalogVersion: version,
  };
}

function equivalentRow(found: Equivalent): EquivalentRow {
  const { saving, holderSaves } = found;
  return { ...compared(found), saving: formatMoney(saving), holderSaves: formatMoney(holderSaves) };
}

function compared(found: Pick<Equivalent, 'product' | 'covered' | 'price' | 'holderPays'>): ComparedProduct {
  const { product, covered, price, holderPays } = found;
  const unitPrice = unitPriceOf(product);
  return {
    product: productView(product),
    covered,
    price: formatMoney(price),
    holderPays: formatMoney(holderPays),
    ...(unitPrice === undefined ? {} : { unitPrice: formatUnitPrice(unitPrice) }),
  };
}
