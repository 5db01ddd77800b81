import { ageOfHolder } from '#benefits/age';
import { choosePolicy } from '#benefits/choose-policy';
import { splitSale } from '#benefits/split-sale';
import { businessDay } from '#core/business-time';
import { copyPlain } from '#core/copy-text';
import type { Holder, Insurance } from '#core/domain/holder';
import type { Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import type { Fault } from '#core/fault';
import type { Money } from '#core/money';
import type { Policy, VisitKind } from '#core/policy';
import { ok, type Result } from '#core/result';
import type { CheckoutParts } from './parts.ts';

export interface OwnSplitQuestion {
  readonly sale: Sale;
  readonly holder: Holder;
  readonly insurance: Insurance;
  /** What the account may still pay; absent = not known, then it pays nothing. */
  readonly balance: Money | undefined;
  readonly useAccount: boolean;
}

/**
 * What the terminal itself computes for a sale, from its policies, its catalogue and what it knows of the year:
 * the split of an offline sale, and the one that every answer of the agency is compared with.
 * `policy-not-applicable` when no document holds for this person here and today.
 */
export function ownSplit(parts: CheckoutParts, question: OwnSplitQuestion): Result<Split, Fault> {
  const { sale, holder, insurance, balance, useAccount } = question;
  const policy = policyFor(parts, holder, insurance);
  if (!policy.ok) return policy;
  const { scheme, personType } = insurance;
  const { day, age, institution, visitKind } = circumstances(parts, holder);
  const split = splitSale({
    policy: policy.value,
    lines: sale.lines,
    person: { scheme, personType, age, tags: holder.tags },
    institution,
    visitKind,
    day,
    used: parts.store.usedThisYear(holder.personNumber, day),
    ...(balance === undefined ? {} : { balance }),
    useAccount,
  });
  return split.ok ? ok(copyPlain(split.value)) : split;
}

/** The document that holds for this person here and today; `policy-not-applicable` when none does. */
export function policyFor(
  parts: Pick<CheckoutParts, 'config' | 'clock' | 'policies'>,
  holder: Holder,
  { region, scheme, personType }: Insurance,
): Result<Policy, Fault> {
  const { day, age, institution, visitKind } = circumstances(parts, holder);
  const { tags } = holder;
  return choosePolicy(parts.policies, { region, scheme, personType, day, visitKind, institution, age, tags });
}

function circumstances({ config, clock }: Pick<CheckoutParts, 'config' | 'clock'>, holder: Holder) {
  const { level, kind } = config.shop;
  const day = businessDay(clock.nowMs());
  // Only a pharmacy sells without a visit; a clinic's counter settles its outpatients.
  const visitKind: VisitKind = kind === 'pharmacy' ? 'pharmacy' : 'outpatient';
  return { day, age: ageOfHolder(holder, day), institution: { level, kind }, visitKind };
}
