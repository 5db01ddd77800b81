import type { RunningTill } from '#checkout/till';
import { businessDay } from '#core/business-time';
import { sumMoney } from '#core/money';
import type { SqliteStore } from '#store/sqlite-store';
import type { WeekSale } from './week.ts';
import type { Booked, WeekBooks } from './week-agency.ts';
import { villager } from './week-people.ts';

export interface WeekEnd {
  readonly till: RunningTill;
  readonly store: SqliteStore;
  /** In the order in which the cashier was told. */
  readonly sold: readonly WeekSale[];
  readonly books: WeekBooks;
}

/** Everything that does not hold after the queue of a week has gone up, by the agency's own ledger. */
export async function judgeWeek(end: WeekEnd): Promise<readonly string[]> {
  return [...ofTill(end), ...(await ofDetail(end)), ...ofSales(end), ...ofCards(end)];
}

function* ofTill({ store, books }: WeekEnd): Iterable<string> {
  const { brokenAt } = store.verifyJournal();
  if (brokenAt !== undefined) yield `the chain is broken at ${brokenAt}`;
  if (sumMoney(store.balances().values()) !== 0n) yield 'the accounts do not balance';
  if (store.balance('suspense') !== 0n) yield `${store.balance('suspense')} fen stay in suspense`;
  if (store.offlineAtRisk().count !== 0) yield `${store.offlineAtRisk().count} sales are still at risk`;
  if (store.brokenRecords().length > 0) yield 'a seal is broken';
  if (books.violations > 0) yield `${books.violations} messages against the interface`;
}

/** What was reversed without proof is compared day by day, until nothing is in doubt. */
async function* detail({ till, store }: WeekEnd): AsyncIterable<string> {
  const inDoubt = store
    .messagesInState(['intent', 'unknown', 'reversed-unproved'])
    .filter(({ transaction }) => transaction === '2102');
  for (const day of new Set(inDoubt.map(({ preparedAtMs }) => businessDay(preparedAtMs)))) {
    const compared = await till.reconcile(day);
    if (!compared.ok) yield `the detail of ${day}: ${compared.error.code}`;
    else if (compared.value.differences > 0) yield `${compared.value.differences} differences on ${day}`;
  }
  const left = store.messagesInState(['intent', 'unknown', 'reversed-unproved']).length;
  if (left > 0) yield `${left} messages stay in doubt`;
}

async function ofDetail(end: WeekEnd): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const one of detail(end)) found.push(one);
  return found;
}

function* ofSales({ store, sold, books }: WeekEnd): Iterable<string> {
  const standing = new Map<string, Booked[]>();
  for (const one of books.booked.filter(({ state }) => state === 'booked'))
    standing.set(one.saleNumber, [...(standing.get(one.saleNumber) ?? []), one]);
  for (const { saleId, saleNumber, account } of sold) {
    const state = store.sale(saleId)?.state ?? 'lost';
    const row = store.upload(saleId);
    const upload = row?.state ?? 'lost';
    const why = `${row?.faultCode ?? ''} ${row?.agencyText ?? ''}`;
    if (state !== 'done' || upload !== 'accepted')
      yield `sale ${saleNumber} is ${state}, its upload ${upload} ${why}`;
    const charges = standing.get(saleNumber) ?? [];
    if (charges.length !== 1) yield `sale ${saleNumber} has ${charges.length} charges`;
    else if (charges[0]?.account !== account)
      yield `sale ${saleNumber}: ${charges[0]?.account} for ${account} fen`;
    standing.delete(saleNumber);
  }
  for (const saleNumber of standing.keys()) yield `sale ${saleNumber} is charged and nobody was told of it`;
}

function* ofCards({ sold, books }: WeekEnd): Iterable<string> {
  const soldTo = new Map<number, WeekSale[]>();
  for (const sale of sold) soldTo.set(sale.card, [...(soldTo.get(sale.card) ?? []), sale]);
  for (const [card, sales] of soldTo) {
    const { person } = villager(card);
    const own = books.booked.filter(({ personNumber }) => personNumber === person.personNumber);
    const told = sales.map(({ saleNumber }) => saleNumber).join();
    const kept = own.filter(({ state }) => state === 'booked').map(({ saleNumber }) => saleNumber);
    if (kept.join() !== told) yield `card ${card}: the order of its sales is not kept`;
    const tried = [...new Set(own.map(({ saleNumber }) => saleNumber))];
    if (tried.join() !== told) yield `card ${card}: its sales did not come in their order`;
    const spent = sales.reduce((sum, { account }) => sum + account, 0n);
    const balance = books.balances.get(person.personNumber);
    if (balance !== person.openingBalance - spent)
      yield `card ${card}: ${balance} fen are left on the account`;
  }
}
