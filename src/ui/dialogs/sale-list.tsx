import type { SaleSummary } from '#server/api-types';
import { timeOf } from '../format.ts';
import { first, told } from '../language.ts';
import { LinkedSale, SaleLink } from '../rest-panel.tsx';
import { SaleChip } from '../sale-chip.tsx';
import { type TextKey, texts } from '../texts.ts';
import { MarkedList, type RowAction } from './marked-list.tsx';

/** What may be done with a sale of the list. */
export type SaleAction = RowAction<SaleSummary>;

interface Props {
  readonly sales: readonly SaleSummary[];
  readonly actions: readonly SaleAction[];
  readonly empty: TextKey;
}

/** Sales with one marked row; letters act on it. */
export function SaleList({ sales, actions, empty }: Props) {
  return (
    <MarkedList
      rows={sales}
      actions={actions}
      title="keySales"
      empty={empty}
      testIdOf={({ saleId }) => `sale-${saleId}`}
      cells={(sale) => <Cells sale={sale} />}
      more={(sale) => <LinkedSale sale={sale} />}
    />
  );
}

function Cells({ sale }: { sale: SaleSummary }) {
  return (
    <>
      <span>{timeOf(sale.createdAt)}</span>
      <span class="muted">{sale.saleNumber}</span>
      <SaleChip state={sale.state} />
      <span class="list-note">
        {first(told(sale.progressZh ?? sale.holderName, sale.progressEn ?? sale.holderName))}
        <SaleLink sale={sale} />
      </span>
      <span class="amount muted">
        {first(texts.account)} {sale.account}
      </span>
      <b class="amount">{sale.total}</b>
    </>
  );
}
