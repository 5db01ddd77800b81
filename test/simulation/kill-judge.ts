import { sumMoney, zeroMoney } from '#core/money';
import type { TillStore } from '#store/port';

const NOT_SOLD: readonly string[] = ['open', 'held', 'refused', 'abandoned'];

/** What somebody outside of the till was told of a sale. */
export interface ToldSale {
  readonly saleNumber: string;
  readonly pay: 'account' | 'cash' | 'offline';
  /** Asked for a cancellation that was not answered yet, or told that it is cancelled. */
  cancel: 'no' | 'asked' | 'told';
}

/** What lies outside of the till at the moment of a kill. */
export interface Outside {
  readonly kills: number;
  readonly told: ReadonlyMap<string, ToldSale>;
  readonly slips: readonly string[];
}

/** What is wrong in the files that a kill left behind. */
export function* judgeFiles(store: TillStore, { told, slips }: Outside): Iterable<string> {
  const { brokenAt } = store.verifyJournal();
  if (brokenAt !== undefined) yield `the chain is broken at ${brokenAt}`;
  if (sumMoney(store.balances().values()) !== zeroMoney) yield 'the accounts do not balance';
  if (store.brokenRecords().length > 0) yield 'a seal is broken';
  for (const [saleId, { saleNumber, pay, cancel }] of told) {
    const state = store.sale(saleId)?.state ?? 'lost';
    const good = {
      no: pay === 'offline' ? ['queued', 'done'] : ['done'],
      asked: ['done', 'unknown', 'suspense', 'cancelled'],
      told: ['cancelled'],
    }[cancel];
    if (!good.includes(state))
      yield `sale ${saleNumber}, cancelled: ${cancel}, is ${state}${reasonOf(store, saleId)}`;
    if (state === 'queued' && store.upload(saleId) === undefined)
      yield `sale ${saleNumber} is missing in the queue`;
  }
  for (const number of new Set(slips.flatMap(numbersOn))) {
    const state = store.saleByNumber(number)?.state ?? 'lost';
    if (state === 'lost' || NOT_SOLD.includes(state)) yield `slip of sale ${number}, which is ${state}`;
  }
}

/** What the agency said against an upload. */
function reasonOf(store: TillStore, saleId: string): string {
  const { faultCode, agencyText } = store.upload(saleId) ?? {};
  return [faultCode, agencyText].flatMap((said) => (said === undefined ? [] : [`: ${said}`])).join('');
}

/** `yyMMdd`, terminal and running number, as a slip prints them. */
function numbersOn(text: string): readonly string[] {
  return text.match(/\b\d{6}01\d{4,}\b/g) ?? [];
}
