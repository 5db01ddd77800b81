import type { PricedLine } from '#catalog/catalog';
import { isBreakable, type SaleUnit } from '#catalog/price/price-line';
import type { BasketLine, HerbalDoses, Product } from '#core/domain/product';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { oneUnit, type Quantity } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { classifyScan, type ScanCode } from '#core/scan-code';
import { typedQuantity, withLine, withoutLine, withProduct, withQuantity } from '../basket.ts';
import type { Till } from '../facade.ts';
import { quantityOfDoses, typedDoses } from '../herbal-doses.ts';
import { dropOthersDisease } from '../holder-came.ts';
import { productView } from '../present/parts-of-view.ts';
import type { TillCore } from '../till-core.ts';
import { type Answer, done } from './answer.ts';
import { identifyShown } from './credentials.ts';

/** A pattern that fits no text. */
const NEVER = /(?!)/;

type BasketVerbs = Pick<
  Till,
  | 'scan'
  | 'addProduct'
  | 'setQuantity'
  | 'setDoses'
  | 'replaceProduct'
  | 'removeLine'
  | 'clearSale'
  | 'hold'
  | 'recall'
  | 'search'
  | 'nextSale'
>;

/** Verbs that change the basket. A change after a quote voids the quote. */
export function basketVerbs(core: TillCore): BasketVerbs {
  const { store } = core.parts;
  let last: Promise<unknown> = Promise.resolve();
  return {
    scan(code) {
      // Two scanners may read at once; the second text waits for what the first one means.
      const turn = last.then(() => scan(core, code));
      last = turn.catch(() => undefined);
      return turn;
    },
    async addProduct(shopCode, text, unit) {
      const ready = readyForGoods(core);
      if (!ready.ok) return ready;
      const count = text === undefined ? ok(oneUnit) : typedQuantity(text);
      if (!count.ok) return count;
      const line = lineOf(core, shopCode, count.value, unit ?? 'pack');
      return line.ok ? changed(core, (sale) => withProduct(sale, line.value)) : line;
    },
    async setQuantity(lineNumber, text, unit) {
      const count = typedQuantity(text);
      if (!count.ok) return count;
      const line = core.counter.sale.lines.find((each) => each.lineNumber === lineNumber);
      const now = line?.brokenPack === undefined ? 'pack' : 'smallest';
      if (line === undefined || unit === undefined || unit === now)
        return changed(core, (sale) => withQuantity(sale, lineNumber, count.value));
      const priced = lineOf(core, line.product.shopCode, count.value, unit);
      return priced.ok ? changed(core, (sale) => withLine(sale, lineNumber, priced.value)) : priced;
    },
    setDoses: (lineNumber, doses, gramsPerDose) => setDoses(core, lineNumber, doses, gramsPerDose),
    replaceProduct: (lineNumber, shopCode) => replaceProduct(core, lineNumber, shopCode),
    async removeLine(lineNumber) {
      return changed(core, (sale) => withoutLine(sale, lineNumber));
    },
    async clearSale() {
      // What comes next may be somebody else's.
      return changed(core, ({ chronic: _before, ...sale }) => ok({ ...sale, lines: [] }));
    },
    async hold() {
      if (!isOpen(core)) return err(fault('sale-not-now'));
      if (core.counter.sale.lines.length === 0) return err(fault('sale-empty'));
      store.saveBasket({ ...core.counter.sale, state: 'held' });
      core.checkout.send({ type: 'sale.back' });
      core.nextSale();
      return shelved(core, 'held');
    },
    async recall(saleId) {
      const held = store.sale(saleId);
      if (held === undefined || held.state !== 'held') return err(fault('sale-not-found'));
      if (!isOpen(core) || core.counter.sale.lines.length > 0) return err(fault('sale-in-progress'));
      core.setBasket({ ...held, state: 'open' });
      dropOthersDisease(core);
      return shelved(core, 'recalled');
    },
    async nextSale() {
      const state = core.saleState();
      if (state === 'done' || state === 'unknown') {
        core.nextSale();
        return done(core);
      }
      return core.counter.sale.lines.length === 0 ? done(core) : err(fault('sale-in-progress'));
    },
    search(text, limit) {
      return (core.parts.catalog()?.search(text, limit) ?? []).map(productView);
    },
  };
}

/** The customer's screen tells it, until the next thing happens to the basket. */
function shelved(core: TillCore, how: 'held' | 'recalled'): Answer {
  core.counter.shelved = { how, sale: core.counter.sale };
  core.changed();
  return done(core);
}

async function setDoses(core: TillCore, lineNumber: number, doses: string, grams: string): Promise<Answer> {
  const typed = typedDoses(doses, grams);
  if (!typed.ok) return typed;
  const line = core.counter.sale.lines.find((each) => each.lineNumber === lineNumber);
  if (line === undefined) return err(fault('sale-line-unknown'));
  const weighed = dosedLine(core, line.product.shopCode, typed.value);
  return weighed.ok ? changed(core, (sale) => withLine(sale, lineNumber, weighed.value)) : weighed;
}

async function replaceProduct(core: TillCore, lineNumber: number, shopCode: string): Promise<Answer> {
  const line = core.counter.sale.lines.find((each) => each.lineNumber === lineNumber);
  if (line === undefined) return err(fault('sale-line-unknown'));
  const next = samePricedLine(core, line, shopCode);
  return next.ok ? changed(core, (sale) => withLine(sale, lineNumber, next.value)) : next;
}

/** A certificate's code identifies its holder; every other text is asked of the catalogue. */
async function scan(core: TillCore, text: string): Promise<Answer> {
  const ready = readyForGoods(core);
  if (!ready.ok) return ready;
  core.counter.scanFault = undefined;
  const code = classified(core, text);
  if (code.ok && code.value.kind === 'certificate')
    return identifyShown(core, { kind: 'certificate', text: code.value.code });
  const found = productByCode(core, text);
  if (!found.ok) core.buzzer.sound();
  if (!found.ok) return found;
  const line = priced(core, found.value, oneUnit, 'pack');
  return line.ok ? changed(core, (sale) => withProduct(sale, line.value)) : line;
}

function classified(core: TillCore, text: string): Result<ScanCode, Fault> {
  const { electronic_certificate: allowed, certificate_pattern: pattern } = core.parts.config.credentials;
  return classifyScan(text, { certificatePattern: allowed ? new RegExp(pattern, 'u') : NEVER });
}

/**
 * The one product that a code means; several packs under one code are the cashier's choice. The catalogue is
 * asked for the text as it is first: shops file codes of every shape. Only a text that it does not know is
 * judged by its check digit.
 */
export function productByCode(core: TillCore, text: string): Result<Product, Fault> {
  const catalog = core.parts.catalog();
  if (catalog === undefined) return err(fault('catalog-none'));
  const code = classified(core, text);
  const asked = code.ok ? [text.trim(), code.value.text, code.value.code] : [text.trim()];
  for (const name of new Set(asked)) {
    const found = catalog.findByCode(name);
    if (!found.ok && found.error.code !== 'catalog-product-unknown') return found;
    const [first, second] = found.ok ? found.value : [];
    if (second !== undefined) return err(fault('sale-code-ambiguous', text.slice(0, 40)));
    if (first !== undefined) return ok(first);
  }
  if (!code.ok) return code;
  if (code.value.kind === 'shop' && code.value.suspect !== undefined)
    return err(fault('scan-check-digit', code.value.suspect));
  return err(fault('catalog-product-unknown', text.slice(0, 40)));
}

/** A scan after a finished sale begins the next one. */
function readyForGoods(core: TillCore): Result<void, Fault> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  if (core.saleState() === 'done' || core.saleState() === 'unknown') core.nextSale();
  return isOpen(core) ? ok(undefined) : err(fault('sale-not-now'));
}

function isOpen(core: TillCore): boolean {
  return ['selling', 'quoting', 'confirming'].includes(core.saleState());
}

function lineOf(
  core: TillCore,
  shopCode: string,
  count: Quantity,
  unit: SaleUnit,
): Result<PricedLine, Fault> {
  const found = core.parts.catalog()?.findByShopCode(shopCode);
  if (found === undefined) return err(fault('catalog-none'));
  return found.ok ? priced(core, found.value, count, unit) : found;
}

type DosedLine = PricedLine & Pick<BasketLine, 'herbalDoses'>;

function dosedLine(core: TillCore, shopCode: string, herbalDoses: HerbalDoses): Result<DosedLine, Fault> {
  const found = core.parts.catalog()?.findByShopCode(shopCode);
  if (found === undefined) return err(fault('catalog-none'));
  if (!found.ok) return found;
  const count = quantityOfDoses(found.value, herbalDoses);
  if (!count.ok) return count;
  const line = priced(core, found.value, count.value.quantity, count.value.unit);
  return line.ok ? ok({ ...line.value, herbalDoses }) : line;
}

/** A line as it would be with this product, and as the catalogue counts it now: as many packs, units or doses. */
export function samePricedLine(core: TillCore, line: BasketLine, shopCode: string): Result<DosedLine, Fault> {
  const { herbalDoses, brokenPack, quantity } = line;
  if (herbalDoses !== undefined) return dosedLine(core, shopCode, herbalDoses);
  return lineOf(core, shopCode, quantity, brokenPack === undefined ? 'pack' : 'smallest');
}

/** A product as the catalogue prices it today; by the smallest unit only where the list says what a pack holds. */
export function priced(
  core: TillCore,
  product: Product,
  count: Quantity,
  unit: SaleUnit,
): Result<PricedLine, Fault> {
  const catalog = core.parts.catalog();
  if (catalog === undefined) return err(fault('catalog-none'));
  if (unit === 'smallest' && !isBreakable(product)) return err(fault('sale-pack-whole', product.shopCode));
  return ok(catalog.priceLine(product, count, { unit }));
}

export function changed(core: TillCore, change: (sale: Sale) => Result<Sale, Fault>): Answer {
  if (!isOpen(core)) return err(fault('sale-not-now'));
  if (core.counter.sale.replaces !== undefined) return err(fault('refund-basket-fixed'));
  const next = change(core.counter.sale);
  if (!next.ok) return next;
  core.setBasket(next.value);
  return done(core);
}
