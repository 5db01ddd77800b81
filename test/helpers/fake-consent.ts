import type { ConsentView, LineView, SplitView } from '#checkout/view';
import { type Fault, fault } from '#core/fault';
import { formatMoney, subtractMoney, sumMoney, yuan } from '#core/money';
import { err, ok, type Result } from '#core/result';

/** What the real till asks of such a quote. */
export function fakeConsent(
  rule: 'off' | 'ask' | 'print',
  split: SplitView,
  lines: readonly LineView[],
): ConsentView | undefined {
  if (rule === 'off' || split.source === 'own-pay') return undefined;
  if (yuan(split.outOfScope) === 0n) return undefined;
  const parts = lines.flatMap(({ lineNumber, amount, split: part }) => {
    const own = subtractMoney(yuan(amount), yuan(part?.inScope ?? '0.00'));
    return own === 0n ? [] : [{ lineNumber, own: formatMoney(own) }];
  });
  const own = formatMoney(sumMoney(parts.map((part) => yuan(part.own))));
  return { state: 'needed', must: rule, printed: false, own, lines: parts };
}

export function fakeConsentGiven(
  asked: ConsentView | undefined,
  own: string,
  operator: string,
  at: string,
): Result<ConsentView, Fault> {
  if (asked?.state !== 'needed') return err(fault('sale-not-now'));
  if (own !== asked.own) return err(fault('sale-quote-changed'));
  if (asked.must === 'print' && asked.printed !== true) return err(fault('consent-not-printed'));
  const { lines, printed } = asked;
  return ok({ state: 'given', own, lines, at, operator, how: printed === true ? 'printed' : 'screen' });
}
