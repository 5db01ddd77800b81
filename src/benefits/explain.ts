import type { Reason } from '#core/domain/split';
import type { Money } from '#core/money';

/** Names the document that a reason rests on. */
export interface Source {
  readonly policy: string;
  readonly version: string;
}

/** A line explained before it is paid has no document yet: own pay is a rule of the program itself. */
export const ownPayRule: Source = { policy: 'own-pay', version: '1' };

/** Steps of a split in the order in which they are taken; each is a rule number on slip and screen. */
export type Step =
  | 'out-of-scope'
  | 'over-ceiling'
  | 'first-self-pay'
  | 'in-scope'
  | 'deductible'
  | 'fund'
  | 'yearly-cap'
  | 'account'
  | 'cash'
  | 'own-pay';

export function reason(source: Source, step: Step, amount: Money, zh: string, en: string): Reason {
  return { step, policy: source.policy, version: source.version, amount, zh, en };
}

/** `10` for 0.1: a ratio as a patient reads it. */
export function percent(share: bigint): string {
  const whole = share / 100n;
  const rest = share % 100n;
  if (rest === 0n) return `${whole}%`;
  return `${whole}.${rest.toString().padStart(2, '0').replace(/0$/, '')}%`;
}
