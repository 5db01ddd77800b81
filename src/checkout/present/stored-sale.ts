import type { Sale } from '#core/domain/sale';
import { wholeSplit } from '#core/domain/whole-split';
import { formatMoney } from '#core/money';
import { basketTotal } from '../basket.ts';
import type { SaleView } from '../view.ts';
import { lineView, splitView } from './parts-of-view.ts';

/** A sale from its row: what a list, another program or an inspector sees. */
export function storedSaleView(sale: Sale): SaleView {
  const split = sale.split === undefined ? undefined : wholeSplit(sale.lines, sale.split);
  return {
    saleId: sale.saleId,
    saleNumber: sale.saleNumber,
    state: screenState(sale.state),
    lines: sale.lines.map((line) => lineView(line, split)),
    total: formatMoney(basketTotal(sale)),
    useAccount: sale.request?.useAccount ?? true,
    ...(split === undefined ? {} : { split: splitView(split) }),
    ...(sale.mode === undefined ? {} : { mode: sale.mode }),
    tenders: sale.tenders.map(({ kind, amount, reference }) => ({
      kind,
      amount: formatMoney(amount),
      ...(reference === undefined ? {} : { reference }),
    })),
    ...(sale.changeDue === undefined ? {} : { changeDue: formatMoney(sale.changeDue) }),
  };
}

/** The row's own state stands in its summary; here only whether it is under way, unknown or over. */
function screenState(state: Sale['state']): SaleView['state'] {
  if (state === 'open' || state === 'held') return 'selling';
  if (state === 'committing') return 'committing';
  return state === 'unknown' || state === 'suspense' ? 'unknown' : 'done';
}
