import { createHash } from 'node:crypto';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { formatMoney, zeroMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { typedQuantity, withProduct } from '../basket.ts';
import type { BasketRequest, SaleReceipt, Till } from '../facade.ts';
import { askedNow } from '../present/consent.ts';
import type { TillCore } from '../till-core.ts';
import { priced, productByCode } from './basket.ts';
import { keepConsent } from './consent.ts';

/** Sales in these states have not moved money: the same reference may try again. */
const NOTHING_HAPPENED: readonly Sale['state'][] = ['open', 'held', 'refused', 'abandoned'];

/**
 * A whole sale in one call, for other programs and the command line. The caller's reference makes it safe to
 * repeat: once money may have moved, the same reference answers the same sale for ever.
 */
export async function sellBasket(
  core: TillCore,
  till: Pick<Till, 'quote' | 'pay' | 'saleById'>,
  request: BasketRequest,
): Promise<Result<SaleReceipt, Fault>> {
  const known = knownReference(core, till, request);
  if (known !== undefined) return known;
  const open = core.shiftOpen();
  if (!open.ok) return open;
  emptyOwnBasket(core, request);
  if (core.saleState() === 'done' || core.saleState() === 'unknown') core.nextSale();
  if (core.saleState() !== 'selling' || core.counter.sale.lines.length > 0)
    return err(fault('sale-in-progress'));
  if (request.pay === 'account' && core.counter.holder === undefined) return err(fault('holder-none'));
  const filled = fillBasket(core, request);
  if (!filled.ok) return filled;
  const { saleId } = filled.value;
  // Before the basket: a program killed in between must know whose basket it finds at the counter.
  core.parts.store.setSetting(settingOf(request), JSON.stringify({ saleId, contents: contentsOf(request) }));
  core.setBasket(filled.value);
  const paid = await quoteAndPay(core, till, request);
  if (!paid.ok) {
    clearUnlessMoved(core, saleId);
    return paid;
  }
  const receipt = till.saleById(saleId);
  if (receipt === undefined) throw new Error('a paid sale is stored');
  return ok(receipt);
}

/** What the same reference left at the counter when the program was killed before it could pay. */
function emptyOwnBasket(core: TillCore, request: BasketRequest): void {
  const text = core.parts.store.setting(settingOf(request));
  const { sale } = core.counter;
  if (text === undefined || core.saleState() !== 'selling') return;
  const { saleId } = JSON.parse(text) as { saleId: string };
  if (sale.saleId === saleId && sale.lines.length > 0) core.setBasket({ ...sale, lines: [] });
}

function fillBasket(core: TillCore, request: BasketRequest): Result<Sale, Fault> {
  // A basket from elsewhere is an ordinary purchase, whatever lies on the counter.
  const { chronic: _before, ...empty } = core.counter.sale;
  let sale: Sale = empty;
  for (const line of request.lines) {
    const product = productByCode(core, line.code);
    if (!product.ok) return product;
    const count = typedQuantity(line.quantity);
    if (!count.ok) return count;
    const added = priced(core, product.value, count.value, line.unit ?? 'pack');
    const next = added.ok ? withProduct(sale, added.value) : added;
    if (!next.ok) return next;
    sale = next.value;
  }
  return sale.lines.length === 0 ? err(fault('sale-empty')) : ok(sale);
}

async function quoteAndPay(
  core: TillCore,
  till: Pick<Till, 'quote' | 'pay'>,
  request: BasketRequest,
): Promise<Result<unknown, Fault>> {
  const quoted = await till.quote();
  if (!quoted.ok) return quoted;
  const shown = core.counter.quote;
  if (shown === undefined) return err(fault('sale-interrupted'));
  // The card may have been read again meanwhile and been refused: whoever asked for the account pays no cash unasked.
  if (request.pay === 'account' && core.counter.holder === undefined)
    return err(core.checkout.getSnapshot().context.holderFault ?? fault('holder-none'));
  // An offline deduction needs holder and cashier at the till: no other program can consent for them.
  if (request.pay === 'account' && shown.mode === 'offline') return err(fault('offline-pin-missing'));
  const mode = request.pay === 'cash' ? 'own-pay' : shown.mode;
  const asked = mode === 'own-pay' ? undefined : askedNow(core);
  if (asked !== undefined && request.ownPayConsent === true) keepConsent(core, asked, 'program');
  const cash = mode === 'own-pay' ? shown.split.total : shown.split.cash;
  const tenders = cash === zeroMoney ? [] : [{ kind: 'cash' as const, amount: formatMoney(cash) }];
  return till.pay({ mode, tenders, expectedCash: formatMoney(cash) });
}

/** A failed call leaves the counter free, unless the sale may have moved money. */
function clearUnlessMoved(core: TillCore, saleId: string): void {
  const row = core.parts.store.sale(saleId);
  if (row?.state !== 'open') return;
  core.checkout.send({ type: 'sale.back' });
  core.setBasket({ ...row, lines: [] });
}

function knownReference(
  core: TillCore,
  till: Pick<Till, 'saleById'>,
  request: BasketRequest,
): Result<SaleReceipt, Fault> | undefined {
  const text = core.parts.store.setting(settingOf(request));
  if (text === undefined) return undefined;
  const { saleId, contents } = JSON.parse(text) as { saleId: string; contents: string };
  const sale = core.parts.store.sale(saleId);
  if (sale === undefined || NOTHING_HAPPENED.includes(sale.state)) return undefined;
  if (contents !== contentsOf(request)) return err(fault('sale-reference-reused'));
  const receipt = till.saleById(saleId);
  return receipt === undefined ? err(fault('sale-not-found')) : ok(receipt);
}

function settingOf({ reference }: BasketRequest): string {
  return `reference:${createHash('sha256').update(reference).digest('hex')}`;
}

function contentsOf({ lines, pay }: BasketRequest): string {
  return JSON.stringify([
    pay,
    ...lines.map(({ code, quantity, unit }) =>
      unit === undefined ? [code, quantity] : [code, quantity, unit],
    ),
  ]);
}
