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
  const { level, kind } = parts.config.shop;
  const day = businessDay(parts.clock.nowMs());
  const age = ageOfHolder(holder, day);
  // Only a pharmacy sells without a visit; a clinic's counter settles its outpatients.
  const visitKind = kind === 'pharmacy' ? 'pharmacy' : 'outpatient';
  const { region, scheme, personType } = insurance;
  const institution = { level, kind };
  const policy = choosePolicy(parts.policies, {
    region,
    scheme,
    personType,
    day,
    visitKind,
    institution,
    age,
    tags: holder.tags,
  });
  if (!policy.ok) return policy;
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
