import type { Reason } from '#core/domain/split';
import { type Money, type Ratio, wholeRatio } from '#core/money';
import type { StepKind } from '#core/policy';

/** Names the document that a reason rests on. */
export interface Source {
  readonly policy: string;
  readonly version: string;
}

/** A line explained before it is paid has no document yet: own pay is a rule of the program itself. */
export const ownPayRule: Source = { policy: 'own-pay', version: '1' };

/**
 * What a reason is about: the kind of the document's step, or a sum that the program itself forms: `in-scope`
 * 纳入报销范围, `band` one band of a ratio, `own-multiplier`, `fund` all that a layer pays, `covered` the funds'
 * share of one line, `institution`, `own` 个人负担, `cash`, `refund` of one
 * line, `own-pay` a sale without insurance.
 */
export type ReasonStep =
  | StepKind
  | 'in-scope'
  | 'band'
  | 'own-multiplier'
  | 'fund'
  | 'covered'
  | 'institution'
  | 'own'
  | 'cash'
  | 'refund'
  | 'own-pay';

/** A reason with the number of the rule in the document; without one the program itself decided. */
export function reason(
  source: Source,
  step: ReasonStep,
  rule: string | undefined,
  amount: Money,
  zh: string,
  en: string,
  parts?: readonly Reason[],
): Reason {
  const { policy, version } = source;
  if (rule === undefined) {
    return parts === undefined
      ? { step, policy, version, amount, zh, en }
      : { step, policy, version, amount, zh, en, parts };
  }
  return parts === undefined
    ? { step, policy, version, rule, amount, zh, en }
    : { step, policy, version, rule, amount, zh, en, parts };
}

/** Every ratio that was asked for; there are 10,001. */
const percents = new Map<bigint, string>();

/** `12.5%` for 0.125 in units of 10⁻⁴: a ratio as a patient reads it. */
export function percent(share: Ratio): string {
  const known = percents.get(share);
  if (known !== undefined) return known;
  const text = percentOf(share, wholeRatio);
  percents.set(share, text);
  return text;
}

/** The same of a share in units of 1 ÷ `whole`, whole a power of ten from 10,000. */
export function percentOf(share: bigint, whole: bigint): string {
  const unit = whole / 100n;
  const places = unit.toString().length - 1;
  const fraction = (share % unit).toString().padStart(places, '0').replace(/0+$/, '');
  return fraction === '' ? `${share / unit}%` : `${share / unit}.${fraction}%`;
}
