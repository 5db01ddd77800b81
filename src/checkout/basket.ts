import type { PricedLine } from '#catalog/catalog';
import { businessDay } from '#core/business-time';
import type { BasketLine } from '#core/domain/product';
import type { Operator, Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { lineAmount, type Money, parseQuantity, type Quantity, quantity, sumMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import type { CheckoutParts } from './parts.ts';

const QUANTITY_MAX = quantity('10000');
const LINES_MAX = 200;

/** A new, empty sale; its number is taken when it is first kept. */
export function emptySale(start: {
  readonly saleId: string;
  readonly saleNumber: string;
  readonly businessDay: string;
  readonly nowMs: number;
  readonly operator: Operator;
}): Sale {
  return {
    saleId: start.saleId,
    saleNumber: start.saleNumber,
    state: 'open',
    businessDay: start.businessDay,
    createdAtMs: start.nowMs,
    operator: start.operator,
    lines: [],
    tenders: [],
  };
}

export function basketTotal(sale: Sale): Money {
  return sumMoney(sale.lines.map((line) => line.amount));
}

/** The first line begins the sale: until then the empty basket may have lain there over midnight. */
export function begunSale(
  sale: Sale,
  { store, clock }: Pick<CheckoutParts, 'store' | 'clock'>,
  operator: Operator,
): Sale {
  const createdAtMs = clock.nowMs();
  const day = businessDay(createdAtMs);
  return { ...sale, createdAtMs, businessDay: day, saleNumber: store.nextSaleNumber(day), operator };
}

/** What comes into an emptied basket is somebody else's: the order that lay in it is not sold with it. */
export function noOrderWhenEmpty(sale: Sale): Sale {
  const { orderDigest, ...nobodys } = sale;
  return orderDigest === undefined || sale.lines.length > 0 ? sale : nobodys;
}

/** A quantity as typed: above zero, at most four decimals, at most 10,000. */
export function typedQuantity(text: string): Result<Quantity, Fault> {
  const parsed = parseQuantity(text.trim());
  if (!parsed.ok || parsed.value <= 0n || parsed.value > QUANTITY_MAX)
    return err(fault('sale-quantity-invalid', text.slice(0, 20)));
  return ok(parsed.value);
}

/**
 * Adds a line. The same product at the same price, unit and versions counts up its line, so that scanning a pack
 * twice is one line of two.
 */
export function withProduct(sale: Sale, added: PricedLine): Result<Sale, Fault> {
  const same = sale.lines.find((line) => isSame(line, added));
  if (same !== undefined)
    return withQuantity(sale, same.lineNumber, (same.quantity + added.quantity) as Quantity);
  if (sale.lines.length >= LINES_MAX) return err(fault('sale-too-many-lines'));
  const lineNumber = sale.lines.reduce((highest, line) => Math.max(highest, line.lineNumber), 0) + 1;
  return ok({ ...sale, lines: [...sale.lines, { ...added, lineNumber }] });
}

/** The line priced anew in its place: by another unit (拆零), by doses (付数), or for another product. */
export function withLine(
  sale: Sale,
  lineNumber: number,
  line: PricedLine & Pick<BasketLine, 'herbalDoses'>,
): Result<Sale, Fault> {
  if (!sale.lines.some((each) => each.lineNumber === lineNumber)) return err(fault('sale-line-unknown'));
  const lines = sale.lines.map((each) => (each.lineNumber === lineNumber ? { ...line, lineNumber } : each));
  return ok({ ...sale, lines });
}

function isSame(line: BasketLine, added: PricedLine): boolean {
  return (
    line.product.shopCode === added.product.shopCode &&
    // One pack more is not one of the prescribed doses.
    line.herbalDoses === undefined &&
    line.product.price === added.product.price &&
    line.catalogVersion === added.catalogVersion &&
    line.agencyCatalogVersion === added.agencyCatalogVersion &&
    (line.brokenPack === undefined) === (added.brokenPack === undefined)
  );
}

export function withQuantity(sale: Sale, lineNumber: number, count: Quantity): Result<Sale, Fault> {
  if (count > QUANTITY_MAX) return err(fault('sale-quantity-invalid'));
  if (!sale.lines.some((line) => line.lineNumber === lineNumber)) return err(fault('sale-line-unknown'));
  const lines = sale.lines.map((line) => (line.lineNumber === lineNumber ? counted(line, count) : line));
  return ok({ ...sale, lines });
}

export function withoutLine(sale: Sale, lineNumber: number): Result<Sale, Fault> {
  if (!sale.lines.some((line) => line.lineNumber === lineNumber)) return err(fault('sale-line-unknown'));
  return ok({ ...sale, lines: sale.lines.filter((line) => line.lineNumber !== lineNumber) });
}

/** A typed quantity stands for itself: doses no longer make it up. Money: price × quantity, half up once (relation 11). */
function counted({ herbalDoses: _, ...line }: BasketLine, count: Quantity): BasketLine {
  return { ...line, quantity: count, amount: lineAmount(line.product.price, count, 'half-up') };
}
