import { businessDay } from '#core/business-time';
import type { BasketLine } from '#core/domain/product';
import type { Operator, Sale, SaleRest } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { formatQuantity, type Quantity } from '#core/money';
import { err, ok, type Result } from '#core/result';
import type { TillStore } from '#store/port';
import { openRests, restBegun, restSeen } from '#store/records/refund';
import { byItself } from '#store/records/step';
import { unlessBroken } from '#store/seals';
import { StoreError } from '#store/store-error';
import { emptySale, typedQuantity, withoutLine, withQuantity } from './basket.ts';
import type { Counter } from './counter.ts';
import type { CheckoutParts } from './parts.ts';
import type { LineBack } from './refund-rows.ts';

/** A sale of which single lines may be taken back, or the reason why not and what to do. */
export function refundable(store: TillStore, saleId: string): Result<Sale, Fault> {
  const sale = store.sale(saleId);
  if (sale === undefined) return err(fault('sale-not-found'));
  if (sale.state === 'done') return ok(sale);
  if (sale.state === 'queued') return err(fault('refund-not-uploaded'));
  const next = sale.state === 'cancelled' ? restOf(store, sale) : undefined;
  return err(next === undefined ? fault('cancel-not-possible') : fault('refund-replaced', next.saleNumber));
}

/** The sale that a cancelled one became, if goods were kept of it. */
export function restOf(store: Pick<TillStore, 'sale'>, { state, rest }: Sale): Sale | undefined {
  if (state !== 'cancelled' || rest === undefined) return undefined;
  return unlessBroken(() => store.sale(rest.saleId));
}

/** What the customer keeps: never more than was sold comes back, and something does. */
export function keptLines(sale: Sale, back: readonly LineBack[]): Result<readonly BasketLine[], Fault> {
  let kept = sale;
  for (const { lineNumber, quantity } of back) {
    const line = kept.lines.find((each) => each.lineNumber === lineNumber);
    if (line === undefined) return err(fault('sale-line-unknown', String(lineNumber)));
    const count = typedQuantity(quantity);
    if (!count.ok) return count;
    if (count.value > line.quantity)
      return err(fault('refund-beyond-sold', `${quantity} > ${formatQuantity(line.quantity)}`));
    const left = (line.quantity - count.value) as Quantity;
    const next = left === 0n ? withoutLine(kept, lineNumber) : withQuantity(kept, lineNumber, left);
    if (!next.ok) return next;
    kept = next.value;
  }
  return back.length === 0 ? err(fault('refund-nothing')) : ok(kept.lines);
}

/** The plan that is stored with the cancellation; undefined = everything comes back. */
export function restPlan(saleId: string, kept: readonly BasketLine[]): SaleRest | undefined {
  if (kept.length === 0) return undefined;
  return { saleId, lines: kept.map(({ lineNumber, quantity }) => ({ lineNumber, quantity })) };
}

type Parts = Pick<CheckoutParts, 'store' | 'clock'>;

/**
 * Lays out the rest of every sale that is cancelled by now, as a held basket; whoever calls may put it on the counter.
 * A sale that stands after all has no rest. Safe to repeat: a program killed in between goes on here.
 */
export function beginRests({ store, clock }: Parts, operator?: Operator): readonly Sale[] {
  const begun: Sale[] = [];
  for (const saleId of openRests(store)) {
    const sale = unlessBroken(() => store.sale(saleId));
    if (sale !== undefined && isUndecided(store, sale)) continue;
    const rest = sale?.state === 'cancelled' ? restSale({ store, clock }, sale, operator) : undefined;
    if (rest === undefined) {
      store.commit(restSeen(store, saleId));
    } else {
      store.commit(
        restBegun(store, { sale: rest, nowMs: clock.nowMs(), operator: operator?.number ?? byItself }),
      );
      begun.push(rest);
    }
  }
  return begun;
}

/** The same where nobody waits for an answer: what the disk refuses now is laid out later. */
export function beginRestsByItself(parts: Parts & Pick<CheckoutParts, 'log'>): readonly Sale[] {
  try {
    return beginRests(parts);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    parts.log.error({ code: error.fault.code }, 'the rest of a cancelled sale waits');
    return [];
  }
}

/** Whether its cancellation is still on the way, or nobody knows what became of it. */
function isUndecided(store: TillStore, { saleId, state }: Sale): boolean {
  if (state === 'unknown' || state === 'suspense') return true;
  return state !== 'cancelled' && store.messagesOfSale(saleId).some((message) => message.state === 'intent');
}

/** The goods at the prices they were sold at: nothing is priced anew because something else came back. */
function restSale({ store, clock }: Parts, sale: Sale, operator = sale.operator): Sale | undefined {
  const { rest, mode, chronic } = sale;
  if (rest === undefined || mode === undefined || store.sale(rest.saleId) !== undefined) return undefined;
  const nowMs = clock.nowMs();
  const day = businessDay(nowMs);
  const saleNumber = store.nextSaleNumber(day);
  const { saleId } = rest;
  return {
    ...emptySale({ saleId, saleNumber, businessDay: day, nowMs, operator }),
    state: 'held',
    lines: rest.lines.flatMap(({ lineNumber, quantity }) => lineOf(sale, lineNumber, quantity)),
    // The same visit: what was bought for a chronic disease is still bought for it.
    ...(chronic === undefined ? {} : { chronic }),
    replaces: { saleId: sale.saleId, saleNumber: sale.saleNumber, mode },
  };
}

function lineOf(sale: Sale, lineNumber: number, count: Quantity): readonly BasketLine[] {
  const line = sale.lines.find((each) => each.lineNumber === lineNumber);
  if (line === undefined || line.quantity === count) return line === undefined ? [] : [line];
  const counted = withQuantity({ ...sale, lines: [line] }, lineNumber, count);
  return counted.ok ? counted.value.lines : [];
}

/**
 * After a restart: the open basket comes back; should there be several, the older ones are held. An emptied one, which
 * lies there still where a held one was recalled instead, comes back only when there is no other.
 */
export function takeUpBaskets(
  parts: Parts & Pick<CheckoutParts, 'log'>,
  counter: Pick<Counter, 'sale'>,
): void {
  const { store } = parts;
  const [rest] = beginRestsByItself(parts);
  const open = [...store.salesInState(['open'])].sort((a, b) => b.createdAtMs - a.createdAtMs);
  const [latest, ...older] = open.filter(({ lines }) => lines.length > 0);
  for (const sale of older) store.saveBasket({ ...sale, state: 'held' });
  counter.sale = latest ?? open[0] ?? counter.sale;
  // What a killed program was about to lay on the counter, if nothing else lies there.
  if (rest === undefined || counter.sale.lines.length > 0) return;
  counter.sale = { ...rest, state: 'open' };
  store.saveBasket(counter.sale);
}

/** Why the rest of a sale cannot be quoted for who is at the counter; undefined = it can. */
export function unfitForRest(store: TillStore, { sale, holder }: Counter): Fault | undefined {
  const { replaces } = sale;
  if (replaces === undefined || replaces.mode === 'own-pay') return undefined;
  if (holder === undefined) return fault('refund-card-needed');
  // A card that nobody has asked the agency about has no person yet.
  if (holder.holder === undefined) return fault('holder-read-again');
  const before = store.sale(replaces.saleId);
  const person = before?.holder?.personNumber ?? before?.request?.personNumber;
  return person === holder.holder.personNumber ? undefined : fault('refund-other-holder');
}
