import { businessHour } from '#core/business-time';
import type { JournalEntry, JournalKind } from '#core/domain/journal';
import type { Sale } from '#core/domain/sale';
import { type FaultCode, fault, faultTable } from '#core/fault';
import { addMoney, formatMoney, type Money, subtractMoney, sumMoney, zeroMoney } from '#core/money';
import type { TillStore } from '#store/port';
import { basketTotal } from '../basket.ts';
import type { DayPicture } from './rows.ts';

const BEGUN: ReadonlySet<JournalKind> = new Set(['settlement-intended', 'offline-intended']);
const ENDED: ReadonlySet<JournalKind> = new Set([
  'settled',
  'settled-disputed',
  'own-pay-sold',
  'offline-authorised',
]);
const TAKEN: ReadonlySet<Sale['state']> = new Set(['done', 'disputed', 'queued', 'rejected']);
const UNCLEAR: ReadonlySet<Sale['state']> = new Set(['committing', 'unknown', 'suspense']);
/** Seconds; the last band is open. */
const BANDS = [15, 30, 60, 120, 300] as const;

interface Seen {
  readonly sale: Sale;
  readonly hour: number;
  readonly seconds?: number;
  readonly machineSeconds?: number;
  readonly refusals: readonly { readonly code: string; readonly hour: number }[];
}

/** A day at this till in numbers (E2, H4): by hour, time per sale, by payer, refusals. */
export function dayPicture(store: TillStore, day: string): DayPicture {
  const seen = store
    .salesOfDay(day)
    .filter(({ lines }) => lines.length > 0)
    .map((sale) => look(sale, store.journalOfSale(sale.saleId)));
  const taken = seen.filter(({ sale }) => TAKEN.has(sale.state));
  const modes = (mode: Sale['mode']) => taken.filter(({ sale }) => sale.mode === mode).length;
  return {
    day,
    sales: taken.length,
    total: formatMoney(sumMoney(taken.map(({ sale }) => basketTotal(sale)))),
    hours: hoursOf(seen, taken),
    times: timesOf(taken),
    payers: payersOf(taken),
    refusals: refusalsOf(seen),
    ends: { insured: modes('insured'), offline: modes('offline'), ownPay: modes('own-pay') },
    cancelled: seen.filter(({ sale }) => sale.state === 'cancelled').length,
    unclear: seen.filter(({ sale }) => UNCLEAR.has(sale.state)).length,
  };
}

function look(sale: Sale, events: readonly JournalEntry[]): Seen {
  const ended = events.find(({ kind }) => ENDED.has(kind));
  const begun = events.findLast(
    ({ kind, atMs }) => BEGUN.has(kind) && (ended === undefined || atMs <= ended.atMs),
  );
  const refusals = events
    .filter(({ kind }) => kind === 'settlement-refused')
    .map(({ facts, atMs }) => ({ code: codeIn(facts), hour: businessHour(atMs) }));
  return {
    sale,
    hour: businessHour(ended?.atMs ?? sale.createdAtMs),
    refusals,
    ...(ended === undefined ? {} : { seconds: secondsBetween(sale.createdAtMs, ended.atMs) }),
    ...(ended === undefined || begun === undefined
      ? {}
      : { machineSeconds: secondsBetween(begun.atMs, ended.atMs) }),
  };
}

function codeIn(facts: string): string {
  const { faultCode } = JSON.parse(facts) as { readonly faultCode?: unknown };
  return typeof faultCode === 'string' ? faultCode : 'agency-refused';
}

function hoursOf(seen: readonly Seen[], taken: readonly Seen[]): DayPicture['hours'] {
  const refused = seen.flatMap(({ refusals }) => refusals.map(({ hour }) => hour));
  const used = [...new Set([...taken.map(({ hour }) => hour), ...refused])].sort((a, b) => a - b);
  return used.map((hour) => {
    const of = taken.filter((one) => one.hour === hour);
    return {
      hour,
      sales: of.length,
      total: formatMoney(sumMoney(of.map(({ sale }) => basketTotal(sale)))),
      refused: refused.filter((one) => one === hour).length,
    };
  });
}

function timesOf(taken: readonly Seen[]): DayPicture['times'] {
  const seconds = taken.flatMap((one) => one.seconds ?? []).sort((a, b) => a - b);
  const machine = taken.flatMap((one) => one.machineSeconds ?? []).sort((a, b) => a - b);
  const bands = [...BANDS, undefined].map((upTo, index) => {
    const above = BANDS[index - 1] ?? Number.NEGATIVE_INFINITY;
    const sales = seconds.filter((one) => one > above && (upTo === undefined || one <= upTo)).length;
    return upTo === undefined ? { sales } : { upTo, sales };
  });
  return {
    measured: seconds.length,
    median: median(seconds),
    slowest: seconds.at(-1) ?? 0,
    machineMedian: median(machine),
    bands,
  };
}

function payersOf(taken: readonly Seen[]): DayPicture['payers'] {
  const sums = new Map<DayPicture['payers'][number]['payer'], { amount: Money; sales: number }>();
  const add = (payer: DayPicture['payers'][number]['payer'], amount: Money) => {
    if (amount === zeroMoney) return;
    const before = sums.get(payer) ?? { amount: zeroMoney, sales: 0 };
    sums.set(payer, { amount: addMoney(before.amount, amount), sales: before.sales + 1 });
  };
  for (const { sale } of taken) {
    const { split, tenders } = sale;
    add('fund', split?.fundTotal ?? zeroMoney);
    add('account', split?.account ?? zeroMoney);
    add('family', split?.familyAccount ?? zeroMoney);
    add('institution', split?.institution ?? zeroMoney);
    const cashPart = split?.cash ?? basketTotal(sale);
    const mobile = sumMoney(tenders.filter(({ kind }) => kind === 'mobile').map(({ amount }) => amount));
    // What the holder hands over and gets back is not what was paid: cash is the rest of the cash part.
    add('mobile', mobile);
    add('cash', subtractMoney(cashPart, mobile));
  }
  const order = ['fund', 'account', 'family', 'institution', 'cash', 'mobile'] as const;
  return order.flatMap((payer) => {
    const sum = sums.get(payer);
    return sum === undefined ? [] : [{ payer, amount: formatMoney(sum.amount), sales: sum.sales }];
  });
}

function refusalsOf(seen: readonly Seen[]): DayPicture['refusals'] {
  const counts = new Map<string, number>();
  for (const { refusals } of seen)
    for (const { code } of refusals) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort(([a, times], [b, more]) => more - times || (a < b ? -1 : 1))
    .map(([code, count]) => {
      const known = Object.hasOwn(faultTable, code) ? fault(code as FaultCode) : fault('agency-refused');
      return { code, zh: known.zh, en: known.en, count };
    });
}

function median(sorted: readonly number[]): number {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? 0 : Math.round((low + high) * 5) / 10;
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) / 100) / 10);
}
