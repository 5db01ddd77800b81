import { unreachable } from '#core/assert';
import type { BenefitCase, BenefitSplit } from '#core/domain/benefit';
import type { Fault } from '#core/fault';
import type { Policy, Step } from '#core/policy';
import { err, ok, type Result } from '#core/result';
import { assertAddsUp, caseProblem, documentProblem } from './check.ts';
import { compose } from './compose.ts';
import { newState, type SplitState } from './state.ts';
import { applyAccount } from './steps/account.ts';
import { applyBands } from './steps/bands.ts';
import { applyDeductible } from './steps/deductible.ts';
import { applyLimit } from './steps/limit.ts';
import { applyCeiling, applyFirstSelfPay } from './steps/line-parts.ts';
import { applyQuota } from './steps/quota.ts';
import { applyScope } from './steps/scope.ts';
import { applyDailyAddition, applyFill } from './steps/upper-layers.ts';
import { applyYearlyCounted, applyYearlyPayment } from './steps/yearly.ts';

/**
 * Splits a visit or stay by one policy document: pure, the document's steps in their order, every amount with
 * its reason, all amounts in fen. `policy-not-applicable` when the document has no rule for the case (never a
 * benefit of zero), `case-invalid` when the case lacks what a step needs or does not fit together.
 */
export function splitCase(policy: Policy, visit: BenefitCase): Result<BenefitSplit, Fault> {
  const invalid = caseProblem(visit);
  if (invalid !== undefined) return err(invalid);
  const state = newState(policy, visit);
  const notMeant = documentProblem(policy, state);
  if (notMeant !== undefined) return err(notMeant);
  for (const step of policy.steps) {
    const refused = apply(state, step);
    if (refused !== undefined) return err(refused);
  }
  const split = compose(state);
  assertAddsUp(split);
  return ok(split);
}

function apply(state: SplitState, step: Step): Fault | undefined {
  switch (step.kind) {
    case 'limit':
      return applyLimit(state, step);
    case 'bands':
      return applyBands(state, step);
    case 'quota':
      return applyQuota(state, step);
    case 'scope':
      applyScope(state, step);
      return undefined;
    case 'ceiling':
      applyCeiling(state, step);
      return undefined;
    case 'first-self-pay':
      applyFirstSelfPay(state, step);
      return undefined;
    case 'deductible':
      applyDeductible(state, step);
      return undefined;
    case 'yearly-counted':
      applyYearlyCounted(state, step);
      return undefined;
    case 'daily-addition':
      applyDailyAddition(state, step);
      return undefined;
    case 'yearly-payment':
      applyYearlyPayment(state, step);
      return undefined;
    case 'fill':
      applyFill(state, step);
      return undefined;
    case 'account':
      applyAccount(state, step);
      return undefined;
    default:
      return unreachable(step, 'step');
  }
}
