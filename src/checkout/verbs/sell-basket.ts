import { createHash } from 'node:crypto';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { formatMoney, zeroMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { typedQuantity, withProduct } from '../basket.ts';
import { insuranceOf, type Quote } from '../counter.ts';
import type { BasketRequest, SaleReceipt, Till } from '../facade.ts';
import { askedNow } from '../present/consent.ts';
import { settlementRequest } from '../settlement-request.ts';
import type { TillCore } from '../till-core.ts';
import { priced, productByCode } from './basket.ts';
import { keepConsent } from './consent.ts';

/** So often the sum of an order may change between quote and payment before it is given back. */
const QUOTES_MAX = 3;
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
  const own = ownSale(core, request);
  const known = own === undefined ? undefined : knownSale(own, till, request);
  if (known !== undefined) return known;
  const open = core.shiftOpen();
  if (!open.ok) return open;
  emptyOwnBasket(core, own);
  if (core.saleState() === 'done' || core.saleState() === 'unknown') core.nextSale();
  if (core.saleState() !== 'selling' || core.counter.sale.lines.length > 0)
    return err(fault('sale-in-progress'));
  if (request.pay === 'account' && core.counter.holder === undefined) return err(fault('holder-none'));
  const filled = fillBasket(core, request);
  if (!filled.ok) return filled;
  const { saleId } = filled.value;
  // Before the basket: a program killed in between must know whose basket it finds at the counter.
  const kept: Kept = { saleId, contents: contentsOf(request), isMarked: true };
  core.parts.store.setSetting(settingOf(request), JSON.stringify(kept));
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
function emptyOwnBasket(core: TillCore, own: OwnSale | undefined): void {
  const { sale } = core.counter;
  if (own?.sale.saleId !== sale.saleId || core.saleState() !== 'selling') return;
  if (sale.lines.length > 0) core.setBasket({ ...sale, lines: [] });
}

function fillBasket(core: TillCore, request: BasketRequest): Result<Sale, Fault> {
  // A basket from elsewhere is an ordinary purchase, whatever lies on the counter.
  const { chronic: _before, ...empty } = core.counter.sale;
  let sale: Sale = { ...empty, orderDigest: digestOf(request) };
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

/**
 * A program has told nobody the sum yet: where it changes on the way, the changed one is paid. The refused payment has
 * asked for it already.
 */
async function quoteAndPay(
  core: TillCore,
  till: Pick<Till, 'quote' | 'pay'>,
  request: BasketRequest,
): Promise<Result<unknown, Fault>> {
  const quoted = await till.quote();
  if (!quoted.ok) return quoted;
  for (let attempt = 1; ; attempt += 1) {
    const paid = await payShown(core, till, request);
    if (paid.ok || paid.error.code !== 'sale-quote-changed' || attempt === QUOTES_MAX) return paid;
  }
}

async function payShown(
  core: TillCore,
  till: Pick<Till, 'pay'>,
  request: BasketRequest,
): Promise<Result<unknown, Fault>> {
  const shown = core.counter.quote;
  if (shown === undefined) return err(fault('sale-interrupted'));
  const unfit = request.pay === 'account' ? notFromAccount(core, shown) : undefined;
  if (unfit !== undefined) return err(unfit);
  const mode = request.pay === 'cash' ? 'own-pay' : shown.mode;
  const asked = mode === 'own-pay' ? undefined : askedNow(core);
  if (asked !== undefined && request.ownPayConsent === true) keepConsent(core, asked, 'program');
  const cash = mode === 'own-pay' ? shown.split.total : shown.split.cash;
  const tenders = cash === zeroMoney ? [] : [{ kind: 'cash' as const, amount: formatMoney(cash) }];
  return till.pay({ mode, tenders, expectedCash: formatMoney(cash) });
}

/** Why this quote does not do what was asked for: whoever asked for the account pays no cash unasked. */
function notFromAccount(core: TillCore, { mode }: Quote): Fault | undefined {
  const { holder: at, sale, useAccount } = core.counter;
  // The card may have been read again meanwhile and been refused.
  if (at === undefined) return core.checkout.getSnapshot().context.holderFault ?? fault('holder-none');
  // An offline deduction needs holder and cashier at the till: no other program can consent for them.
  if (mode === 'offline') return fault('offline-pin-missing');
  if (mode !== 'own-pay') return undefined;
  if (at.holder !== undefined && insuranceOf(at.holder) === undefined) return fault('agency-not-entitled');
  // Quoted while nobody was there: the holder came too late to be asked about.
  return settlementRequest(sale, at, useAccount) === undefined ? undefined : fault('sale-interrupted');
}

/** A failed call leaves the counter free, unless the sale may have moved money. */
function clearUnlessMoved(core: TillCore, saleId: string): void {
  const row = core.parts.store.sale(saleId);
  if (row?.state !== 'open') return;
  core.checkout.send({ type: 'sale.back' });
  core.setBasket({ ...row, lines: [] });
}

/** What the reference is answered once money may have moved; undefined = it may be sold. */
function knownSale(
  { sale, contents }: OwnSale,
  till: Pick<Till, 'saleById'>,
  request: BasketRequest,
): Result<SaleReceipt, Fault> | undefined {
  if (NOTHING_HAPPENED.includes(sale.state)) return undefined;
  if (contents !== contentsOf(request)) return err(fault('sale-reference-reused'));
  const receipt = till.saleById(sale.saleId);
  return receipt === undefined ? err(fault('sale-not-found')) : ok(receipt);
}

/**
 * The sale that the reference began. Its row says whose it is: the basket of an order that failed may have been emptied
 * and sold with other goods since, by hand or by another order.
 */
function ownSale(core: TillCore, request: BasketRequest): OwnSale | undefined {
  const text = core.parts.store.setting(settingOf(request));
  if (text === undefined) return undefined;
  const { saleId, contents, isMarked } = JSON.parse(text) as Kept;
  const sale = core.parts.store.sale(saleId);
  // Rows of earlier versions were not marked: the setting alone tells.
  if (sale === undefined || (isMarked === true && sale.orderDigest !== digestOf(request))) return undefined;
  return { sale, contents };
}

/** The sale of a reference, and the contents with which it was begun. */
interface OwnSale {
  readonly sale: Sale;
  readonly contents: string;
}

/** What is kept under a reference before its basket. */
interface Kept {
  readonly saleId: string;
  readonly contents: string;
  readonly isMarked?: true;
}

function settingOf(request: BasketRequest): string {
  return `reference:${digestOf(request)}`;
}

function digestOf({ reference }: BasketRequest): string {
  return createHash('sha256').update(reference).digest('hex');
}

function contentsOf({ lines, pay }: BasketRequest): string {
  return JSON.stringify([
    pay,
    ...lines.map(({ code, quantity, unit }) =>
      unit === undefined ? [code, quantity] : [code, quantity, unit],
    ),
  ]);
}
