import type { Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import { formatMoney, type Money, subtractMoney, zeroMoney } from '#core/money';
import type { TillStore } from '#store/port';
import { fromAccounts, tendersKept } from '#store/records/postings';
import { unlessBroken } from '#store/seals';
import { restOf } from '../refund.ts';
import type { PaidSums, ReplacesView, SaleSummary } from '../view.ts';

type Store = Pick<TillStore, 'sale'>;

export function paidSums(split: Split): PaidSums {
  const { total, fundTotal, cash } = split;
  return sums({ total, fundTotal, account: fromAccounts(split), cash });
}

/** What of one split is left when another takes its place; below zero = more than before. */
export function paidLess(before: Split, after: Split): PaidSums {
  const less = (of: (split: Split) => Money) => subtractMoney(of(before), of(after));
  return sums({
    total: less(({ total }) => total),
    fundTotal: less(({ fundTotal }) => fundTotal),
    account: less(fromAccounts),
    cash: less(({ cash }) => cash),
  });
}

function sums(amounts: Readonly<Record<keyof PaidSums, Money>>): PaidSums {
  const { total, fundTotal, account, cash } = amounts;
  return {
    total: formatMoney(total),
    fundTotal: formatMoney(fundTotal),
    account: formatMoney(account),
    cash: formatMoney(cash),
  };
}

/** Of the sale of a rest: what the first sale had taken, and what of it stays with the customer. */
export function replacesPart(
  store: Store,
  { replaces }: Sale,
  split: Split | undefined,
): { readonly replaces?: ReplacesView } {
  if (replaces === undefined) return {};
  const { saleId, saleNumber } = replaces;
  const first = unlessBroken(() => store.sale(saleId));
  if (first?.split === undefined) return {};
  const { mobile } = tendersKept(first.tenders, first.changeDue);
  return {
    replaces: {
      saleId,
      saleNumber,
      before: paidSums(first.split),
      ...(mobile === zeroMoney ? {} : { mobile: formatMoney(mobile) }),
      ...(split === undefined ? {} : { back: paidLess(first.split, split) }),
    },
  };
}

/** The two ends of the link, as a list shows them. */
export function linkOf(sale: Sale, store: Store): Pick<SaleSummary, 'replaces' | 'replacedBy'> {
  const next = restOf(store, sale);
  return {
    ...(sale.replaces === undefined ? {} : { replaces: sale.replaces.saleNumber }),
    ...(next === undefined
      ? {}
      : { replacedBy: { saleId: next.saleId, saleNumber: next.saleNumber, rest: fateOf(next) } }),
  };
}

const SOLD: ReadonlySet<Sale['state']> = new Set(['done', 'disputed', 'queued', 'rejected', 'cancelled']);

function fateOf({ state }: Sale): 'open' | 'sold' | 'not-sold' {
  if (SOLD.has(state)) return 'sold';
  return state === 'abandoned' || state === 'refused' ? 'not-sold' : 'open';
}
