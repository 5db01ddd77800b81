import type { OwnPayConsent } from '#core/domain/sale';
import { formatMoney } from '#core/money';
import type { Change } from '../port.ts';
import { moved, type Step } from './step.ts';

/** The holder has agreed to what the insurance does not pay: kept with the open sale, and in the journal for good. */
export function consentGiven(step: Step & { readonly consent: OwnPayConsent }): Change {
  const { sale, consent, nowMs, operator } = step;
  const { how, own, lines } = consent;
  return {
    sale: moved({ ...sale, consent }, ['open'], 'open'),
    events: [
      {
        kind: 'own-pay-consent',
        saleId: sale.saleId,
        atMs: nowMs,
        operator,
        facts: {
          saleNumber: sale.saleNumber,
          how,
          own,
          lines: lines.map((line) => `${line.lineNumber}: ${formatMoney(line.own)}`).join(', '),
        },
      },
    ],
  };
}
