import type { Product } from '#core/domain/product';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { typedQuantity, withoutLine, withProduct, withQuantity } from '../basket.ts';
import type { Till } from '../facade.ts';
import { productView } from '../present/parts-of-view.ts';
import type { TillCore } from '../till-core.ts';
import { type Answer, done } from './answer.ts';

type BasketVerbs = Pick<
  Till,
  | 'scan'
  | 'addProduct'
  | 'setQuantity'
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
  return {
    async scan(code) {
      const ready = readyForGoods(core);
      if (!ready.ok) return ready;
      const found = productByCode(core, code);
      return found.ok ? changed(core, (sale) => add(core, sale, found.value)) : found;
    },
    async addProduct(shopCode, text) {
      const ready = readyForGoods(core);
      if (!ready.ok) return ready;
      const catalog = core.parts.catalog();
      if (catalog === undefined) return err(fault('catalog-none'));
      const found = catalog.findByShopCode(shopCode);
      if (!found.ok) return found;
      const count = text === undefined ? undefined : typedQuantity(text);
      if (count !== undefined && !count.ok) return count;
      return changed(core, (sale) => add(core, sale, found.value, count?.value));
    },
    async setQuantity(lineNumber, text) {
      const count = typedQuantity(text);
      return count.ok ? changed(core, (sale) => withQuantity(sale, lineNumber, count.value)) : count;
    },
    async removeLine(lineNumber) {
      return changed(core, (sale) => withoutLine(sale, lineNumber));
    },
    async clearSale() {
      return changed(core, (sale) => ok({ ...sale, lines: [] }));
    },
    async hold() {
      if (!isOpen(core)) return err(fault('sale-not-now'));
      if (core.counter.sale.lines.length === 0) return err(fault('sale-empty'));
      store.saveBasket({ ...core.counter.sale, state: 'held' });
      core.checkout.send({ type: 'sale.back' });
      core.nextSale();
      return done(core);
    },
    async recall(saleId) {
      const held = store.sale(saleId);
      if (held === undefined || held.state !== 'held') return err(fault('sale-not-found'));
      if (!isOpen(core) || core.counter.sale.lines.length > 0) return err(fault('sale-in-progress'));
      core.setBasket({ ...held, state: 'open' });
      return done(core);
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

/** The one product that a code means; several packs under one code are the cashier's choice. */
export function productByCode(core: TillCore, code: string): Result<Product, Fault> {
  const catalog = core.parts.catalog();
  if (catalog === undefined) return err(fault('catalog-none'));
  const found = catalog.findByCode(code.trim());
  if (!found.ok) return found;
  const [first, second] = found.value;
  if (first === undefined) return err(fault('catalog-product-unknown', code.slice(0, 40)));
  return second === undefined ? ok(first) : err(fault('sale-code-ambiguous', code.slice(0, 40)));
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

function add(core: TillCore, sale: Sale, product: Product, count?: Parameters<typeof withProduct>[3]) {
  const version = core.parts.catalog()?.version.version ?? '';
  return withProduct(sale, product, version, count);
}

function changed(core: TillCore, change: (sale: Sale) => Result<Sale, Fault>): Answer {
  if (!isOpen(core)) return err(fault('sale-not-now'));
  const next = change(core.counter.sale);
  if (!next.ok) return next;
  core.setBasket(next.value);
  return done(core);
}
