import type { FaultCode } from './fault.ts';
import { type Money, maxMoney, subtractMoney, zeroMoney } from './money.ts';

/**
 * The region's limits for offline deductions (脱机限额): parameters of its document (requirement I2). `per*` are
 * account money not yet accepted by the agency, `sales*` the sales behind it.
 */
export interface OfflineRules {
  readonly perSale: Money;
  readonly perCard: Money;
  readonly perTerminal: Money;
  readonly salesPerCard: number;
  readonly salesPerTerminal: number;
  /** Oldest answer of the agency about the holder, its balance with it. */
  readonly dataAgeMaxMs: number;
  readonly blacklistAgeMaxMs: number;
  /** Since the policy document last agreed with an answer of the agency, or since it came to this till. */
  readonly policyAgeMaxMs: number;
  readonly driftMaxMs: number;
  /** What is left of the three amounts, in percent, when one of the ages has reached its limit. */
  readonly tightestPercent: number;
}

/** What the terminal knows at the moment of a deduction; all of it is read from rows, but for the drift. */
export interface OfflineStanding {
  readonly onCard: { readonly amount: Money; readonly count: number };
  readonly onTerminal: { readonly amount: Money; readonly count: number };
  readonly dataAgeMs: number;
  /** Undefined = there is none. */
  readonly blacklistAgeMs: number | undefined;
  readonly policyAgeMs: number | undefined;
  /** This machine's clock against the agency's; undefined = the agency has never told its time. */
  readonly driftMs: number | undefined;
}

/** The part of it that ages. */
export type OfflineAges = Omit<OfflineStanding, 'onCard' | 'onTerminal'>;

/** What may still be deducted. */
export interface OfflineAllowance {
  readonly perSale: Money;
  readonly leftOnCard: Money;
  readonly leftOnTerminal: Money;
  readonly salesLeftOnCard: number;
  readonly salesLeftOnTerminal: number;
  /** 100 while everything known is fresh, less as it ages. */
  readonly percent: number;
}

/** A clock set back makes what was learnt before look as if it came from the future: up to this is let pass. */
const BACK_MS = 3_600_000;
/** Up to this share of the longest age the limits stand as they are. */
const FRESH_SHARE = 0.5;

/** What is left of the budgets; they tighten as the oldest of the three ages nears its limit. */
export function offlineAllowance(rules: OfflineRules, standing: OfflineStanding): OfflineAllowance {
  const percent = percentLeft(rules, standing);
  const { onCard, onTerminal } = standing;
  const perCard = tightened(rules.perCard, percent);
  const perTerminal = tightened(rules.perTerminal, percent);
  return {
    perSale: tightened(rules.perSale, percent),
    leftOnCard: left(perCard, onCard.amount),
    leftOnTerminal: left(perTerminal, onTerminal.amount),
    salesLeftOnCard: Math.max(0, rules.salesPerCard - onCard.count),
    salesLeftOnTerminal: Math.max(0, rules.salesPerTerminal - onTerminal.count),
    percent,
  };
}

/** The age or the drift that forbids any offline deduction, or undefined. */
export function offlineTooOld(rules: OfflineRules, ages: OfflineAges): FaultCode | undefined {
  const { dataAgeMs, blacklistAgeMs, policyAgeMs, driftMs } = ages;
  if (beyond(dataAgeMs, rules.dataAgeMaxMs)) return 'offline-data-too-old';
  if (blacklistAgeMs === undefined || beyond(blacklistAgeMs, rules.blacklistAgeMaxMs))
    return 'offline-blacklist-too-old';
  if (policyAgeMs === undefined || beyond(policyAgeMs, rules.policyAgeMaxMs)) return 'offline-policy-too-old';
  return driftMs !== undefined && Math.abs(driftMs) > rules.driftMaxMs ? 'offline-clock-drift' : undefined;
}

/**
 * The first limit that deducting `account` would break, or undefined. The same question is asked for the screen,
 * by the machine's guard and inside the transaction that uses the budget up (P6).
 */
export function brokenOfflineBudget(
  allowance: Omit<OfflineAllowance, 'percent'>,
  account: Money,
): FaultCode | undefined {
  if (account > allowance.perSale) return 'limit-offline-per-sale';
  if (account > allowance.leftOnCard) return 'limit-offline-per-card';
  if (account > allowance.leftOnTerminal) return 'limit-offline-per-terminal';
  if (allowance.salesLeftOnCard < 1) return 'limit-offline-sales-card';
  return allowance.salesLeftOnTerminal < 1 ? 'limit-offline-sales-terminal' : undefined;
}

/** Whole percent, from 100 down in a straight line once the oldest age is past half of its limit. */
function percentLeft(rules: OfflineRules, standing: OfflineStanding): number {
  const share = Math.max(
    standing.dataAgeMs / rules.dataAgeMaxMs,
    (standing.blacklistAgeMs ?? 0) / rules.blacklistAgeMaxMs,
    (standing.policyAgeMs ?? 0) / rules.policyAgeMaxMs,
  );
  const past = Math.min(1, Math.max(0, (share - FRESH_SHARE) / (1 - FRESH_SHARE)));
  return Math.floor(100 - (100 - rules.tightestPercent) * past);
}

function beyond(ageMs: number, maxMs: number): boolean {
  return ageMs > maxMs || ageMs < -BACK_MS;
}

/** Down to the fen: a limit is never rounded up. */
function tightened(limit: Money, percent: number): Money {
  return ((limit * BigInt(percent)) / 100n) as Money;
}

function left(whole: Money, used: Money): Money {
  return maxMoney(zeroMoney, subtractMoney(whole, used));
}
