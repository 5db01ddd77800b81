import { businessDateTime } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import { fault } from '#core/fault';
import { formatMoney, zeroMoney } from '#core/money';
import { maskName } from '#receipts/mask';
import type { TillStore } from '#store/port';
import { isTorn } from '#sync/plan';
import type { Sync } from '#sync/sync';
import { basketTotal } from '../basket.ts';
import { decisionsFor } from '../decide.ts';
import type { SaleSummary } from '../view.ts';
import { consentGivenView, faultView } from './parts-of-view.ts';
import { linkOf } from './refund.ts';

/** One sale in a list, with the state of its slip and what is being done about it. */
export function saleSummary(sale: Sale, store: TillStore, sync: Sync): SaleSummary {
  const slip = store.slipsOfSale(sale.saleId).at(-1);
  const progress = progressOf(sale, sync);
  const reason = saleFault(sale);
  const decisions = decisionsFor(sale, store);
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
    ...(sale.consent === undefined || sale.mode === undefined
      ? {}
      : { consent: consentGivenView(sale.consent) }),
    ...(decisions.length === 0 ? {} : { decisions: [...decisions] }),
    ...linkOf(sale, store),
  };
}

/** A torn purchase waits for its card; everything else that is unknown is being cleared up at the agency. */
function progressOf(sale: Sale, sync: Sync): { readonly zh: string; readonly en: string } | undefined {
  if (isTorn(sale))
    return {
      zh: '卡片在脱机扣款时拔出，请持卡人再次插入同一张卡，系统会自动查清是否已扣款',
      en: 'The card left during an offline deduction: insert the same card again and its outcome is asked for',
    };
  return sale.state === 'unknown' || sale.state === 'suspense' ? sync.progress(sale.saleId) : undefined;
}

function saleFault(sale: Sale): SaleSummary['fault'] {
  if (sale.state === 'disputed') return faultView(fault('sale-disputed'));
  if (isTorn(sale)) return faultView(fault('card-purchase-unknown'));
  if (sale.state === 'unknown' || sale.state === 'suspense') return faultView(fault('agency-no-answer'));
  if (sale.state === 'rejected') return faultView(fault('agency-refused'));
  return undefined;
}
