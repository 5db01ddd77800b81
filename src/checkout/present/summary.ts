import { businessDateTime } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import { fault } from '#core/fault';
import { formatMoney, zeroMoney } from '#core/money';
import { maskName } from '#receipts/mask';
import type { TillStore } from '#store/port';
import type { Sync } from '#sync/sync';
import { basketTotal } from '../basket.ts';
import type { SaleSummary } from '../view.ts';
import { faultView } from './parts-of-view.ts';

/** One sale in a list, with the state of its slip and what is being done about it. */
export function saleSummary(sale: Sale, store: TillStore, sync: Sync): SaleSummary {
  const slip = store.slipsOfSale(sale.saleId).at(-1);
  const progress =
    sale.state === 'unknown' || sale.state === 'suspense' ? sync.progress(sale.saleId) : undefined;
  const reason = saleFault(sale);
  return {
    saleId: sale.saleId,
    saleNumber: sale.saleNumber,
    state: sale.state,
    total: formatMoney(basketTotal(sale)),
    account: formatMoney(sale.split?.account ?? zeroMoney),
    createdAt: businessDateTime(sale.createdAtMs),
    ...(sale.mode === undefined ? {} : { mode: sale.mode }),
    ...(sale.holder === undefined ? {} : { holderName: maskName(sale.holder.name) }),
    ...(slip === undefined ? {} : { slip: slip.state }),
    ...(reason === undefined ? {} : { fault: reason }),
    ...(progress === undefined ? {} : { progressZh: progress.zh, progressEn: progress.en }),
  };
}

function saleFault(sale: Sale): SaleSummary['fault'] {
  if (sale.state === 'disputed') return faultView(fault('sale-disputed'));
  if (sale.state === 'unknown' || sale.state === 'suspense') return faultView(fault('agency-no-answer'));
  if (sale.state === 'rejected') return faultView(fault('agency-refused'));
  return undefined;
}
