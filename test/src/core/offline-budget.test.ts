import { describe, expect, test } from 'vitest';
import { yuan, zeroMoney } from '#core/money';
import {
  brokenOfflineBudget,
  type OfflineRules,
  type OfflineStanding,
  offlineAllowance,
  offlineTooOld,
} from '#core/offline-budget';

const hour = 3_600_000;
const rules: OfflineRules = {
  perSale: yuan('100.00'),
  perCard: yuan('200.00'),
  perTerminal: yuan('2000.00'),
  salesPerCard: 3,
  salesPerTerminal: 50,
  dataAgeMaxMs: 72 * hour,
  blacklistAgeMaxMs: 48 * hour,
  policyAgeMaxMs: 720 * hour,
  driftMaxMs: 300_000,
  tightestPercent: 25,
};
const fresh: OfflineStanding = {
  onCard: { amount: zeroMoney, count: 0 },
  onTerminal: { amount: zeroMoney, count: 0 },
  dataAgeMs: 0,
  blacklistAgeMs: 0,
  policyAgeMs: 0,
  driftMs: 0,
};

describe('the amounts tighten with the oldest of three ages', () => {
  test.each([
    ['fresh data', {}, 100],
    ['data just half as old as they may be', { dataAgeMs: 36 * hour }, 100],
    ['data three quarters as old', { dataAgeMs: 54 * hour }, 62],
    ['data as old as they may be', { dataAgeMs: 72 * hour }, 25],
    ['the blacklist older than the data', { dataAgeMs: 36 * hour, blacklistAgeMs: 36 * hour }, 62],
    ['the policy oldest of all', { dataAgeMs: 54 * hour, policyAgeMs: 720 * hour }, 25],
    ['a clock set back a little', { dataAgeMs: -hour }, 100],
  ])('%s', (_case, more, percent) => {
    const allowance = offlineAllowance(rules, { ...fresh, ...more });
    expect(allowance.percent).toBe(percent);
    expect(allowance.perSale).toBe(yuan(`${percent}.00`));
    expect(allowance.leftOnCard).toBe(yuan(`${percent * 2}.00`));
    expect(allowance.leftOnTerminal).toBe(yuan(`${percent * 20}.00`));
  });

  test('a tightened limit is never rounded up', () => {
    const odd = { ...rules, perSale: yuan('99.99') };
    expect(offlineAllowance(odd, { ...fresh, dataAgeMs: 54 * hour }).perSale).toBe(yuan('61.99'));
  });

  test('more at risk than the tightened limit leaves nothing, and never less than nothing', () => {
    const spent = { amount: yuan('90.00'), count: 4 };
    const allowance = offlineAllowance(rules, { ...fresh, onCard: spent, dataAgeMs: 72 * hour });
    expect([allowance.leftOnCard, allowance.salesLeftOnCard]).toEqual([zeroMoney, 0]);
  });
});

describe('an age beyond its limit forbids every deduction', () => {
  test.each([
    ['data at their limit', { dataAgeMs: 72 * hour }, undefined],
    ['data one millisecond older', { dataAgeMs: 72 * hour + 1 }, 'offline-data-too-old'],
    ['data from the future', { dataAgeMs: -hour - 1 }, 'offline-data-too-old'],
    ['no blacklist', { blacklistAgeMs: undefined }, 'offline-blacklist-too-old'],
    ['an old blacklist', { blacklistAgeMs: 48 * hour + 1 }, 'offline-blacklist-too-old'],
    ['a policy that is not known', { policyAgeMs: undefined }, 'offline-policy-too-old'],
    ['an old policy', { policyAgeMs: 720 * hour + 1 }, 'offline-policy-too-old'],
    ['a clock that is fast', { driftMs: 300_001 }, 'offline-clock-drift'],
    ['a clock that is slow', { driftMs: -300_001 }, 'offline-clock-drift'],
    ['an agency that never told the time', { driftMs: undefined }, undefined],
  ])('%s', (_case, more, code) => {
    expect(offlineTooOld(rules, { ...fresh, ...more })).toBe(code);
  });
});

describe('each budget refuses one fen or one sale too many', () => {
  const allowance = offlineAllowance(rules, fresh);
  test.each([
    ['the sale', yuan('100.01'), {}, 'limit-offline-per-sale'],
    ['the card', yuan('20.00'), { leftOnCard: yuan('19.99') }, 'limit-offline-per-card'],
    ['the terminal', yuan('20.00'), { leftOnTerminal: yuan('19.99') }, 'limit-offline-per-terminal'],
    ['sales of the card', yuan('20.00'), { salesLeftOnCard: 0 }, 'limit-offline-sales-card'],
    ['sales of the terminal', yuan('20.00'), { salesLeftOnTerminal: 0 }, 'limit-offline-sales-terminal'],
    ['nothing', yuan('100.00'), { salesLeftOnCard: 1, salesLeftOnTerminal: 1 }, undefined],
  ])('%s', (_case, account, more, code) => {
    expect(brokenOfflineBudget({ ...allowance, ...more }, account)).toBe(code);
  });
});
