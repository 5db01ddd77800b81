import type { FaultCode } from '#core/fault';
import { brokenOfflineBudget } from '#core/offline-budget';
import type { CheckoutEvent } from './events.ts';

type Pay = Extract<CheckoutEvent, { type: 'sale.pay' }>;

/**
 * The first limit that the payment breaks, or undefined. Pure, so that the machine's guard, the store's
 * transaction and the tests ask the same question.
 */
export function brokenLimit(pay: Pay): FaultCode | undefined {
  const { quote, limits } = pay;
  if (pay.tendered < quote.cash) return 'tender-too-small';
  if (quote.mode === 'own-pay') return undefined;
  if (limits.accountBalance !== undefined && quote.account > limits.accountBalance)
    return 'limit-account-balance';
  if (limits.accountPerSale !== undefined && quote.account > limits.accountPerSale) return 'limit-per-sale';
  if (limits.accountLeftToday !== undefined && quote.account > limits.accountLeftToday)
    return 'limit-per-day';
  return quote.mode === 'offline' ? brokenOfflineLimit(pay) : undefined;
}

function brokenOfflineLimit({ quote, limits, acceptsOfflineRisk }: Pay): FaultCode | undefined {
  const { offline } = limits;
  if (!offline.allowed) return offline.reason?.code ?? 'offline-not-allowed';
  const broken = brokenOfflineBudget(offline, quote.account);
  return broken ?? (acceptsOfflineRisk ? undefined : 'offline-risk-not-accepted');
}
