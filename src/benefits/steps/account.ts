import { addMoney, formatMoney, maxMoney, minMoney, subtractMoney, zeroMoney } from '#core/money';
import type { StepOf } from '#core/policy';
import { reason } from '../explain.ts';
import { ownSoFar, type SplitState } from '../state.ts';

/** What the personal account (个人账户) pays of the own part: not what the region bars, not more than it holds. */
export function applyAccount(state: SplitState, step: StepOf<'account'>): void {
  const { use, balance } = state.visit.account;
  if (!use || balance === undefined) return;
  const own = ownSoFar(state);
  const barred = addMoney(
    step.paysOutOfScope ? zeroMoney : state.outOfScope,
    step.paysOverCeiling ? zeroMoney : state.overCeiling,
  );
  const payable = maxMoney(zeroMoney, subtractMoney(own, barred));
  const amount = minMoney(maxMoney(zeroMoney, balance), payable);
  state.account = amount;
  if (amount === 0n) return;
  const [now, after] = [amount, subtractMoney(balance, amount)].map(formatMoney);
  state.reasons.push(
    reason(
      state.source,
      'account',
      step.rule,
      amount,
      `个人账户支付个人负担部分 ${now} 元，账户余额 ${after} 元`,
      `The personal account pays ${now} of the own share; ${after} is left in it`,
    ),
  );
}
