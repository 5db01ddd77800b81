import { formatMoney } from '#core/money';
import { type ConsentAsked, consentAsked, consentGivenTo } from '../own-pay-consent.ts';
import type { TillCore } from '../till-core.ts';
import type { SaleView } from '../view.ts';
import { consentGivenView } from './parts-of-view.ts';

/** What has to be agreed to at this moment. */
export function askedNow(core: TillCore): ConsentAsked | undefined {
  const { counter, parts } = core;
  if (core.saleState() !== 'confirming' || counter.quote === undefined) return undefined;
  return consentAsked(parts.config.checkout.own_pay_consent, counter, counter.quote);
}

/** What has to be agreed to before the payment, or what was agreed to. */
export function consentPart(core: TillCore): Pick<SaleView, 'consent'> {
  const { sale, consentPrinted } = core.counter;
  const asked = askedNow(core);
  const given =
    asked === undefined ? (sale.state === 'open' ? undefined : sale.consent) : consentGivenTo(asked, sale);
  if (given !== undefined) return { consent: consentGivenView(given) };
  if (asked === undefined) return {};
  const { must, own, lines, basis } = asked;
  return {
    consent: {
      state: 'needed',
      must,
      printed: consentPrinted === basis,
      own: formatMoney(own),
      lines: lines.map((line) => ({ lineNumber: line.lineNumber, own: formatMoney(line.own) })),
    },
  };
}
