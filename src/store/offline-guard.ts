import type { FaultCode } from '#core/fault';
import {
  brokenOfflineBudget,
  type OfflineAges,
  type OfflineStanding,
  offlineAllowance,
  offlineTooOld,
} from '#core/offline-budget';
import type { OfflineBudget, OfflineSources } from './port.ts';

/** Ages at this moment of what a deduction rests on. */
export function agesOf(
  { dataAsOfMs, blacklistAsOfMs, policyAsOfMs, driftMs }: OfflineSources,
  nowMs: number,
): OfflineAges {
  const age = (asOfMs: number | undefined) => (asOfMs === undefined ? undefined : nowMs - asOfMs);
  return {
    dataAgeMs: nowMs - dataAsOfMs,
    blacklistAgeMs: age(blacklistAsOfMs),
    policyAgeMs: age(policyAsOfMs),
    driftMs,
  };
}

/** Why a deduction may not be committed now, by what the rows of this very transaction say, or undefined. */
export function brokenBudget(
  { rules, sources, account }: OfflineBudget,
  spent: Pick<OfflineStanding, 'onCard' | 'onTerminal'>,
  nowMs: number,
): FaultCode | undefined {
  const standing = { ...spent, ...agesOf(sources, nowMs) };
  return offlineTooOld(rules, standing) ?? brokenOfflineBudget(offlineAllowance(rules, standing), account);
}
