import type { LineBack, RefundPreview } from '#checkout/facade';
import type { LineView, PaidSums, ProductView, ReplacesView, SaleView, SplitView } from '#checkout/view';
import { type Fault, fault } from '#core/fault';
import { formatMoney, subtractMoney, sumMoney, yuan } from '#core/money';
import { err, ok, type Result } from '#core/result';

/** What comes back at the lines' own prices; cash first, then the account. */
export function fakeRefundPreview(sale: SaleView, chosen: readonly LineBack[]): Result<RefundPreview, Fault> {
  const amounts = [];
  for (const { lineNumber, quantity } of chosen) {
    const line = sale.lines.find((each) => each.lineNumber === lineNumber);
    if (line === undefined) return err(fault('sale-line-unknown'));
    if (Number(quantity) > Number(line.quantity)) return err(fault('refund-beyond-sold'));
    amounts.push(yuan((Number(line.product.price) * Number(quantity)).toFixed(2)));
  }
  const goods = sumMoney(amounts);
  const before = paidOf(sale);
  const cash = yuan(before.cash);
  const back = goods > cash ? cash : goods;
  const toAccount = formatMoney(subtractMoney(goods, back));
  const sums = { total: formatMoney(goods), fundTotal: '0.00', account: toAccount, cash: formatMoney(back) };
  return ok({
    whole: goods === yuan(sale.total),
    goods: formatMoney(goods),
    before,
    rest: less(before, sums),
    back: sums,
    estimate: true,
  });
}

function paidOf({ total, split }: SaleView): PaidSums {
  const { fundTotal = '0.00', account = '0.00', cash = total } = split ?? {};
  return { total, fundTotal, account, cash };
}

function less(before: PaidSums, after: PaidSums): PaidSums {
  const of = (name: keyof PaidSums) => formatMoney(subtractMoney(yuan(before[name]), yuan(after[name])));
  return { total: of('total'), fundTotal: of('fundTotal'), account: of('account'), cash: of('cash') };
}

/** What is kept, as the real till lays it on the counter. */
export function fakeRest(
  first: SaleView,
  back: readonly LineBack[],
  { before }: RefundPreview,
  makeLine: (lineNumber: number, product: ProductView, count: string) => LineView,
): { readonly lines: LineView[]; readonly replaces: ReplacesView } {
  const lines = first.lines.flatMap((line) => {
    const gone = back.find(({ lineNumber }) => lineNumber === line.lineNumber)?.quantity ?? '0';
    const kept = Number(line.quantity) - Number(gone);
    return kept <= 0 ? [] : [makeLine(line.lineNumber, line.product, String(kept))];
  });
  const { saleId, saleNumber } = first;
  return { lines, replaces: { saleId, saleNumber, before } };
}

/** The difference, once the rest is quoted. */
export function fakeReplaced(
  replaces: ReplacesView | undefined,
  { total, fundTotal, account, cash }: SplitView,
): { readonly replaces?: ReplacesView } {
  if (replaces === undefined) return {};
  return { replaces: { ...replaces, back: less(replaces.before, { total, fundTotal, account, cash }) } };
}
