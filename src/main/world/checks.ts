import type { Sale } from '#core/domain/sale';
import { addMoney, formatMoney, type Money, negateMoney, sumMoney, zeroMoney } from '#core/money';
import type { SettlementRecord } from '#simulators/agency/records';
import type { TillStore } from '#store/port';
import { insuredPart, saleTotal } from '#store/records/postings';
import type { WorldAgency } from './agency.ts';
import type { Told } from './books.ts';
import { keep } from './broken.ts';
import type { PaperSlip } from './printer.ts';

/** States of a sale that the agency has settled. */
export const settledStates: ReadonlySet<Sale['state']> = new Set(['done', 'disputed']);
/** States in which a sale may stand of which the cashier was told that it is done. */
const keptStates: ReadonlySet<Sale['state']> = new Set([
  'done',
  'disputed',
  'queued',
  'rejected',
  'cancelled',
]);
/** While a cancellation of a done sale is unanswered it waits like any unknown outcome. */
const undecidedStates: ReadonlySet<Sale['state']> = new Set(['unknown', 'suspense']);

export function nameOf(sale: { readonly saleNumber: string }): string {
  return `sale ${sale.saleNumber}`;
}

/** P1: what was told done is there, whole, and in a state that keeps it. */
export function checkKept(records: TillStore, told: Told): void {
  if (told.state !== 'done') return;
  const row = records.sale(told.saleId);
  keep('P1', row !== undefined, () => `${nameOf(told)} was told done and is not in the records`);
  if (row === undefined) return;
  const isUndoing = undecidedStates.has(row.state) && records.settled(row.saleId) !== undefined;
  keep(
    'P1',
    keptStates.has(row.state) || isUndoing,
    () => `${nameOf(told)} was told done and is ${row.state}`,
  );
  keep('P1', saleTotal(row) === told.total, () => `${nameOf(told)} was told done with other goods`);
  if (told.isCancelled)
    keep('P1', row.state === 'cancelled', () => `${nameOf(told)} was told cancelled and is ${row.state}`);
  if (row.state === 'queued') {
    const upload = records.upload(row.saleId)?.state;
    const isOwed = upload === 'queued' || upload === 'sending' || upload === 'ambiguous';
    keep('P1', isOwed, () => `${nameOf(told)} waits for its upload, which is ${upload ?? 'not there'}`);
  }
}

/** P2 and P3 while things are open: a charge that stands is the sale's own, or one that the till still doubts. */
export function checkCharges(records: TillStore, agency: WorldAgency, saleId: string): void {
  const row = records.sale(saleId);
  if (row === undefined || row.saleNumber === '') return;
  const { standing } = agency.control.chargesOf(row.saleNumber);
  for (const charge of standing) {
    const message = records.message(charge.messageId);
    keep(
      'P2',
      message !== undefined,
      () => `${nameOf(row)} was charged by a message that is not in the records`,
    );
    keep(
      'P2',
      message?.saleId === saleId,
      () => `${nameOf(row)} was charged under the number of another sale`,
    );
    const isDenied = message?.state === 'refused' || message?.state === 'returned';
    keep(
      'P3',
      !isDenied,
      () => `${nameOf(row)} is charged, and its message counts as ${message?.state ?? ''}`,
    );
  }
  const isMoving = records
    .messagesOfSale(saleId)
    .some(({ state }) => state === 'intent' || state === 'unknown' || state === 'reversed-unproved');
  const most = isMoving ? 2 : 1;
  keep(
    'P2',
    isMoving || standing.length <= most,
    () => `${nameOf(row)} was charged ${standing.length} times`,
  );
}

/** P4: the postings of one sale against what the agency booked for it. `isDistorted`: its answer had wrong sums. */
export function checkLedger(
  records: TillStore,
  row: Sale,
  standing: readonly SettlementRecord[],
  isDistorted: boolean,
): void {
  const sums = new Map<string, Money>();
  let all = zeroMoney;
  for (const entry of records.journalOfSale(row.saleId)) {
    const whole = sumMoney(entry.postings.map(({ amount }) => amount));
    keep('P4', whole === 0n, () => `${nameOf(row)}: postings of ${entry.kind} do not come to zero`);
    for (const { account, amount } of entry.postings) {
      const kind = account.startsWith('receivable:fund') ? 'fund' : account;
      sums.set(kind, addMoney(sums.get(kind) ?? zeroMoney, amount));
      all = addMoney(all, amount);
    }
  }
  const of = (account: string): Money => sums.get(account) ?? zeroMoney;
  const same = (what: string, ours: Money, theirs: Money): void =>
    keep(
      'P4',
      ours === theirs,
      () => `${nameOf(row)} (${row.state}): ${what} ${formatMoney(ours)}, agency ${formatMoney(theirs)}`,
    );
  const [charge] = standing;
  if (settledStates.has(row.state) && row.mode !== 'own-pay' && charge !== undefined && !isDistorted) {
    same('fund', of('fund'), charge.fund);
    same('account', of('receivable:account'), addMoney(charge.account, charge.family));
  }
  const isGone = ['cancelled', 'abandoned', 'refused', 'open', 'held'].includes(row.state);
  if (isGone) for (const [account, amount] of sums) same(`posted to ${account}`, amount, zeroMoney);
  if (row.state === 'rejected' && row.split !== undefined)
    same('at risk', of('offline-at-risk'), insuredPart(row.split));
  if (!undecidedStates.has(row.state)) same('in suspense', of('suspense'), zeroMoney);
}

/** P4: a whole original slip says what the row says. */
export function checkSlip(records: TillStore, slip: PaperSlip): void {
  if (!slip.isWhole) return;
  keep('P7', slip.problems.length === 0, () => `a slip came out damaged: ${slip.problems.join(', ')}`);
  const row = records.saleByNumber(slip.saleNumber);
  keep(
    'P1',
    row !== undefined,
    () => `a slip of sale ${slip.saleNumber} came out, which is not in the records`,
  );
  const split = row?.split;
  if (row === undefined || split === undefined || slip.kind === 'unreadable') return;
  const isBack = slip.kind === 'cancellation';
  const sign = (amount: Money): string => formatMoney(isBack ? negateMoney(amount) : amount);
  const says = (label: string, amount: Money): void => {
    const printed = slip.amounts.get(label) ?? '0.00';
    keep(
      'P4',
      printed === sign(amount) || (amount === 0n && printed === '0.00'),
      () => `slip of ${nameOf(row)}: ${label} ${printed}, records ${sign(amount)}`,
    );
  };
  says(isBack ? '退费总额' : '费用总额', saleTotal(row));
  if (slip.kind === 'own-pay' || isBack) return;
  says('基金支付合计', split.fundTotal);
  says('个人账户支付', split.account);
  says('个人现金支付', split.cash);
}
