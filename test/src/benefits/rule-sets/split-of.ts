import { splitRefund } from '#benefits/refund-case';
import { splitCase } from '#benefits/split-case';
import type { Policy } from '#core/policy';
import { readCase } from '../../../../src/cli/split/read-case.ts';
import { resultJson } from '../../../../src/cli/split/result-json.ts';
import { shippedPolicy } from '../../../../src/main/policies.ts';

/** A case as `guitai split` reads it. */
export type CaseText = Readonly<Record<string, unknown>>;
export type LineText = Readonly<Record<string, unknown>>;

export interface ReasonText {
  readonly rule: string | null;
  readonly step: string;
  readonly amount: string;
  readonly zh: string;
  readonly en: string;
  readonly parts: readonly ReasonText[];
}

/** The command's result, amounts as text with two decimals. */
export interface ResultText {
  readonly total: string;
  readonly deductible: string;
  readonly funds: Readonly<Record<string, string>>;
  readonly fundTotal: string;
  readonly institution: string;
  readonly own: string;
  readonly account: string;
  readonly cash: string;
  readonly outOfScope: string;
  readonly overCeiling: string;
  readonly firstSelfPay: string;
  readonly inScope: string;
  readonly lines: readonly {
    readonly index: number;
    readonly total: string;
    readonly outOfScope: string;
    readonly overCeiling: string;
    readonly firstSelfPay: string;
    readonly inScope: string;
    readonly covered: string;
    readonly own: string;
    readonly reasons: readonly ReasonText[];
  }[];
  readonly reasons: readonly ReasonText[];
}

export const DAY = '2026-06-15';

/** A line of class A, which only amount and category describe; `more` changes it. */
export function item(category: string, amount: string, more: LineText = {}): LineText {
  return { category, class: 'A', amount, ...more };
}

/** The split of a case by a shipped document, or by the one given; throws when there is none. */
export function splitOf(policy: string | Policy, document: CaseText, day = DAY): ResultText {
  const done = attempt(policy, document, day);
  if (typeof done === 'string') throw new Error(`refused: ${done}`);
  return done;
}

/** The code of the fault by which the case is refused; `split` when it is not. */
export function refusalOf(policy: string | Policy, document: CaseText, day = DAY): string {
  const done = attempt(policy, document, day);
  return typeof done === 'string' ? done : 'split';
}

/** Every reason of a tree, parents before their parts. */
export function allReasons(reasons: readonly ReasonText[]): ReasonText[] {
  return reasons.flatMap((reason) => [reason, ...allReasons(reason.parts)]);
}

const known = new Map<string, Policy>();

export function documentOf(id: string): Policy {
  const policy = known.get(id) ?? shippedPolicy(id);
  if (policy === undefined) throw new Error(`no document ${id}`);
  known.set(id, policy);
  return policy;
}

function attempt(named: string | Policy, document: CaseText, day: string): ResultText | string {
  const policy = typeof named === 'string' ? documentOf(named) : named;
  const read = readCase(JSON.stringify(document), policy, day);
  if (!read.ok) return read.error.fault.code;
  const { visit, refund } = read.value;
  const done = refund.length > 0 ? splitRefund(policy, visit, refund) : splitCase(policy, visit);
  return done.ok ? (resultJson(done.value) as unknown as ResultText) : done.error.code;
}
