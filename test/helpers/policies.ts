import type { Policy } from '#core/policy';
import { readPolicyFolder, shippedPolicyFolder } from '#simulators/agency/policy-folder';

let shipped: readonly Policy[] | undefined;

/** Every policy document that ships with the program, read once. */
export function shippedPolicies(): readonly Policy[] {
  shipped ??= readPolicyFolder(shippedPolicyFolder());
  return shipped;
}

/** The documents of the training region: what a till there and its agency split by. */
export function trainingPolicies(): readonly Policy[] {
  return shippedPolicies().filter(({ status }) => status === 'training');
}

/** The training documents with one of them changed: what a region would have written otherwise. */
export function policiesWith(id: string, change: (policy: Policy) => Policy): readonly Policy[] {
  return trainingPolicies().map((policy) => (policy.id === id ? change(policy) : policy));
}
