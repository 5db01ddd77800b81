import type { OwnPayConsent } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { formatMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { consentGiven } from '#store/records/consent';
import type { ConsentAsked } from '../own-pay-consent.ts';
import type { ConsentVerbs } from '../paper-rows.ts';
import { askedNow } from '../present/consent.ts';
import type { TillCore } from '../till-core.ts';
import { done } from './answer.ts';

/** The holder's yes to own-pay lines, taken at the till before the payment. */
export function consentVerbs(core: TillCore): ConsentVerbs {
  return {
    async confirmConsent(own) {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      const asked = askedNow(core);
      if (asked === undefined) return err(fault('sale-not-now', 'no consent is needed'));
      if (own !== formatMoney(asked.own))
        return err(fault('sale-quote-changed', `${own} → ${formatMoney(asked.own)}`));
      const printed = core.counter.consentPrinted === asked.basis;
      if (asked.must === 'print' && !printed) return err(fault('consent-not-printed'));
      const kept = keepConsent(core, asked, printed ? 'printed' : 'screen');
      return kept.ok ? done(core) : kept;
    },
  };
}

/** In one step with its event: a consent that is on the sale is in the journal. */
export function keepConsent(
  core: TillCore,
  asked: ConsentAsked,
  how: OwnPayConsent['how'],
): Result<void, Fault> {
  const { parts, counter } = core;
  const nowMs = parts.clock.nowMs();
  const operator = core.operator().number;
  const { lines, own, basis } = asked;
  const consent: OwnPayConsent = { atMs: nowMs, operator, how, lines, own, basis };
  const { sale } = counter;
  parts.store.commit(consentGiven({ sale, consent, nowMs, operator }));
  counter.sale = { ...sale, consent };
  core.changed();
  return ok(undefined);
}
