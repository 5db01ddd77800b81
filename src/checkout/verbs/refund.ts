import { splitOwnPay } from '#benefits/split-sale';
import type { BasketLine } from '#core/domain/product';
import type { Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import { type Fault, fault } from '#core/fault';
import { formatMoney, subtractMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { restGivenUp } from '#store/records/refund';
import { basketTotal } from '../basket.ts';
import { cancelSale } from '../cancel.ts';
import type { OperatorCredential } from '../facade.ts';
import { ownSplit } from '../own-split.ts';
import { paidLess, paidSums } from '../present/refund.ts';
import { beginRests, keptLines, refundable, restOf, restPlan } from '../refund.ts';
import type { LineBack, RefundPreview, RefundVerbs } from '../refund-rows.ts';
import type { TillCore } from '../till-core.ts';
import { type Answer, done } from './answer.ts';
import { bySecond } from './second.ts';

/** Taking back single lines (部分退货): the sale is cancelled whole, and what is kept becomes a sale of its own. */
export function refundVerbs(core: TillCore): RefundVerbs {
  return {
    refundPreview: (saleId, back) => preview(core, saleId, back),
    refundLines: (saleId, back, second, reason) => refundLines(core, saleId, back, second, reason),
    giveUpRest: () => giveUpRest(core),
  };
}

function preview(core: TillCore, saleId: string, back: readonly LineBack[]): Result<RefundPreview, Fault> {
  const sale = refundable(core.parts.store, saleId);
  if (!sale.ok) return sale;
  const kept = keptLines(sale.value, back);
  if (!kept.ok) return kept;
  const { split, mode } = sale.value;
  if (split === undefined) return err(fault('cancel-not-possible'));
  const basket: Sale = { ...sale.value, lines: kept.value };
  const whole = kept.value.length === 0;
  const common = {
    whole,
    goods: formatMoney(subtractMoney(basketTotal(sale.value), basketTotal(basket))),
    before: paidSums(split),
    estimate: mode !== 'own-pay' && !whole,
  };
  if (whole) return ok({ ...common, back: paidSums(split) });
  const rest = restSplit(core, sale.value, kept.value);
  if (rest === undefined) return ok(common);
  return ok({ ...common, rest: paidSums(rest), back: paidLess(split, rest) });
}

/** What the kept lines would cost whom: exact without insurance, else what our own rules say of them. */
function restSplit(core: TillCore, first: Sale, lines: readonly BasketLine[]): Split | undefined {
  if (first.mode === 'own-pay') return splitOwnPay(lines);
  const { holder, request, split } = first;
  const insurance = holder?.insurances.find(({ scheme }) => scheme === request?.scheme);
  if (holder === undefined || insurance === undefined) return undefined;
  const rest = ownSplit(core.parts, {
    sale: { ...first, lines },
    holder,
    insurance,
    balance: split?.balanceBefore ?? insurance.balance,
    useAccount: request?.useAccount ?? true,
    without: first,
  });
  return rest.ok ? rest.value : undefined;
}

async function refundLines(
  core: TillCore,
  saleId: string,
  back: readonly LineBack[],
  second: OperatorCredential,
  reason: string,
): Promise<Answer> {
  const free = freeCounter(core);
  if (!free.ok) return free;
  return bySecond(core, { saleId, credential: second, reason, what: 'refund' }, async (options, request) => {
    const sale = refundable(core.parts.store, saleId);
    if (!sale.ok) return sale;
    const kept = keptLines(sale.value, back);
    if (!kept.ok) return kept;
    const rest = restPlan(core.parts.newId(), kept.value);
    const cancelled = await cancelSale(options, { ...request, ...(rest === undefined ? {} : { rest }) });
    if (!cancelled.ok) return cancelled;
    layRest(core, saleId);
    return cancelled;
  });
}

/** The rest needs the counter: what lies there is finished or held first. */
function freeCounter(core: TillCore): Result<void, Fault> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const state = core.saleState();
  if (state === 'done' || state === 'unknown') return ok(undefined);
  const isFree = state === 'selling' && core.counter.sale.lines.length === 0;
  return isFree ? ok(undefined) : err(fault('sale-in-progress'));
}

/** On the counter, unless something else was begun there while the agency was asked: then it waits among the held ones. */
function layRest(core: TillCore, saleId: string): void {
  const { store } = core.parts;
  beginRests(core.parts, core.operator());
  const first = store.sale(saleId);
  const rest = first === undefined ? undefined : restOf(store, first);
  if (rest?.state !== 'held' || !freeCounter(core).ok) return;
  if (core.saleState() !== 'selling') core.nextSale();
  core.counter.useAccount = first?.request?.useAccount ?? true;
  core.setBasket({ ...rest, state: 'open' });
}

async function giveUpRest(core: TillCore): Promise<Answer> {
  const open = core.shiftOpen();
  if (!open.ok) return open;
  const { sale } = core.counter;
  const state = core.saleState();
  if (sale.replaces === undefined || (state !== 'selling' && state !== 'confirming'))
    return err(fault('sale-not-now'));
  const { store, clock } = core.parts;
  store.commit(restGivenUp({ sale, nowMs: clock.nowMs(), operator: core.operator().number }));
  core.checkout.send({ type: 'sale.back' });
  core.nextSale();
  return done(core);
}
