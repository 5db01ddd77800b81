import type { Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import { formatMoney } from '#core/money';
import { basketTotal } from '../basket.ts';
import { mediumOf } from '../counter.ts';
import type { SaleView } from '../view.ts';
import { chronicPart } from './chronic.ts';
import { actingPersonView, consentGivenView, lineView, splitView } from './parts-of-view.ts';

/** A sale from its row: what a list, another program or an inspector sees. */
export function storedSaleView(sale: Sale): SaleView {
  return {
    ...saleParts(sale, sale.split),
    state: screenState(sale.state),
    useAccount: sale.request?.useAccount ?? true,
    ...(sale.mode === undefined ? {} : { mode: sale.mode }),
    ...chronicPart(sale, sale.mode),
    ...(sale.consent === undefined ? {} : { consent: consentGivenView(sale.consent) }),
  };
}

/** What every view of a sale has: number, lines and sums under the given split, what was handed over. */
export function saleParts(sale: Sale, split: Split | undefined): Omit<SaleView, 'state' | 'useAccount'> {
  const medium = mediumOf(sale);
  const { actingPerson, offlineProof } = sale;
  return {
    saleId: sale.saleId,
    saleNumber: sale.saleNumber,
    lines: sale.lines.map((line) => lineView(line, split)),
    total: formatMoney(basketTotal(sale)),
    ...(split === undefined ? {} : { split: splitView(split) }),
    tenders: sale.tenders.map(({ kind, amount, reference }) => ({
      kind,
      amount: formatMoney(amount),
      ...(reference === undefined ? {} : { reference }),
    })),
    ...(sale.changeDue === undefined ? {} : { changeDue: formatMoney(sale.changeDue) }),
    ...(medium === undefined ? {} : { medium }),
    ...(actingPerson === undefined ? {} : { actingPerson: actingPersonView(actingPerson) }),
    ...(offlineProof === undefined
      ? {}
      : { offlineSignature: offlineProof.signature.kind === 'card-tac' ? 'card' : 'module' }),
  };
}

/** The row's own state stands in its summary; here only whether it is under way, unknown or over. */
function screenState(state: Sale['state']): SaleView['state'] {
  if (state === 'open' || state === 'held') return 'selling';
  if (state === 'committing') return 'committing';
  return state === 'unknown' || state === 'suspense' ? 'unknown' : 'done';
}
