import type { LedgerAccount, Posting } from '#core/domain/journal';
import type { Sale, Tender } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import { addMoney, type Money, negateMoney, subtractMoney, sumMoney, zeroMoney } from '#core/money';

/** Total of the basket, the sum of its lines. */
export function saleTotal(sale: Sale): Money {
  return sumMoney(sale.lines.map((line) => line.amount));
}

/** Own account and a relative's (共济) together: the agency owes both in the same way. */
export function fromAccounts(split: Split): Money {
  return addMoney(split.account, split.familyAccount ?? zeroMoney);
}

/** What fund and accounts carry of a split: the part that the agency owes the shop. */
export function insuredPart(split: Split): Money {
  return addMoney(split.fundTotal, fromAccounts(split));
}

/**
 * Money in suspense (在途) while a sale's outcome is unknown: the insured part of the split on the sale's
 * row, or the whole basket while no split is known. Posted when the sale becomes unknown and cleared by
 * the same figure when it leaves that state, so the row's split must not change in between.
 */
export function atStake(sale: Sale): Money {
  return sale.split === undefined ? saleTotal(sale) : insuredPart(sale.split);
}

export function suspended(amount: Money): readonly Posting[] {
  return kept([
    ['suspense', amount],
    ['suspense:contra', negateMoney(amount)],
  ]);
}

export function released(amount: Money): readonly Posting[] {
  return suspended(negateMoney(amount));
}

/** Cash and mobile money that stayed with the shop: tenders less the change, which is given from cash only. */
export function tendersKept(
  tenders: readonly Tender[],
  changeDue: Money | undefined,
): {
  readonly cash: Money;
  readonly mobile: Money;
} {
  const of = (kind: Tender['kind']) =>
    sumMoney(tenders.filter((tender) => tender.kind === kind).map((tender) => tender.amount));
  return { cash: subtractMoney(of('cash'), changeDue ?? zeroMoney), mobile: of('mobile') };
}

function debits(sale: Sale, split: Split): [LedgerAccount, Money][] {
  const kept = tendersKept(sale.tenders, sale.changeDue);
  return [
    ...split.funds.map((fund): [LedgerAccount, Money] => [`receivable:fund:${fund.fund}`, fund.amount]),
    ['receivable:account', fromAccounts(split)],
    ['tender:cash', kept.cash],
    ['tender:mobile', kept.mobile],
  ];
}

/** What of the basket is covered neither by the split's payers nor by the tenders; zero in a sound sale. */
export function uncovered(sale: Sale, split: Split): Money {
  return settledBooks(sale, split).uncovered;
}

/** Those of `settledBooks`. */
export function settledPostings(sale: Sale, split: Split): readonly Posting[] {
  return settledBooks(sale, split).postings;
}

/**
 * A settled sale in the books. When the sums do not cover the basket (disputed), revenue is what really came in; of an
 * offline sale the uncovered rest stays at risk, because goods have left against it.
 */
export function settledBooks(
  sale: Sale,
  split: Split,
): { readonly postings: readonly Posting[]; readonly uncovered: Money } {
  const rows = debits(sale, split);
  const covered = sumOf(rows);
  const rest = subtractMoney(saleTotal(sale), covered);
  const atRisk = sale.mode === 'offline' ? rest : zeroMoney;
  rows.push(['offline-at-risk', atRisk], ['revenue', negateMoney(addMoney(covered, atRisk))]);
  return { postings: kept(rows), uncovered: rest };
}

/** An offline sale: goods have left, the insured part is at risk until the agency accepts it. */
export function offlinePostings(sale: Sale, split: Split): readonly Posting[] {
  const paid = tendersKept(sale.tenders, sale.changeDue);
  const rows: [LedgerAccount, Money][] = [
    ['offline-at-risk', insuredPart(split)],
    ['tender:cash', paid.cash],
    ['tender:mobile', paid.mobile],
  ];
  rows.push(['revenue', negateMoney(sumOf(rows))]);
  return kept(rows);
}

/** The opposite of some postings: how a correction undoes an earlier event. */
export function opposite(postings: readonly Posting[]): readonly Posting[] {
  return postings.map((posting) => ({ account: posting.account, amount: negateMoney(posting.amount) }));
}

/** Adds postings of the same account up and drops what comes to nothing. */
export function merged(postings: readonly Posting[]): readonly Posting[] {
  const sums = new Map<LedgerAccount, Money>();
  for (const { account, amount } of postings) {
    sums.set(account, addMoney(sums.get(account) ?? zeroMoney, amount));
  }
  return kept([...sums]);
}

function sumOf(rows: readonly (readonly [LedgerAccount, Money])[]): Money {
  return sumMoney(rows.map(([, amount]) => amount));
}

function kept(rows: readonly (readonly [LedgerAccount, Money])[]): readonly Posting[] {
  return rows.filter(([, amount]) => amount !== 0n).map(([account, amount]) => ({ account, amount }));
}
