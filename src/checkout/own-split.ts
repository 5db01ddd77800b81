import { ageOfHolder } from '#benefits/age';
import { choosePolicy } from '#benefits/choose-policy';
import { splitSale } from '#benefits/split-sale';
import { businessDay } from '#core/business-time';
import { copyPlain } from '#core/copy-text';
import type { Holder, Insurance } from '#core/domain/holder';
import type { Sale } from '#core/domain/sale';
import type { Split } from '#core/domain/split';
import type { Fault } from '#core/fault';
import { type Money, subtractMoney } from '#core/money';
import type { Policy, VisitKind } from '#core/policy';
import { ok, type Result } from '#core/result';
import type { KnownUse } from '#store/port';
import type { CheckoutParts } from './parts.ts';

export interface OwnSplitQuestion {
  readonly sale: Sale;
  readonly holder: Holder;
  readonly insurance: Insurance;
  /** What the account may still pay; absent = not known, then it pays nothing. */
  readonly balance: Money | undefined;
  readonly useAccount: boolean;
  /** A sale of the same person that counts as if it had not been: it is about to be cancelled. */
  readonly without?: Sale;
}

/**
 * What the terminal itself computes for a sale, from its policies, its catalogue and what it knows of the year:
 * the split of an offline sale, and the one that every answer of the agency is compared with.
 * `policy-not-applicable` when no document holds for this person here and today.
 */
export function ownSplit(parts: CheckoutParts, question: OwnSplitQuestion): Result<Split, Fault> {
  const { sale, holder, insurance, balance, useAccount, without } = question;
  const chronic = sale.chronic !== undefined;
  const policy = policyFor(parts, holder, insurance, chronic);
  if (!policy.ok) return policy;
  const { scheme, personType } = insurance;
  const { day, age, institution, visitKind } = circumstances(parts, holder, chronic);
  const split = splitSale({
    policy: policy.value,
    lines: sale.lines,
    person: { scheme, personType, age, tags: holder.tags },
    institution,
    visitKind,
    day,
    used: lessOf(parts.store.usedThisYear(holder.personNumber, day), without, day),
    ...(balance === undefined ? {} : { balance }),
    useAccount,
  });
  return split.ok ? ok(copyPlain(split.value)) : split;
}

function lessOf(used: KnownUse, sale: Sale | undefined, day: string): KnownUse {
  const split = sale?.split;
  if (sale === undefined || split === undefined || sale.businessDay.slice(0, 4) !== day.slice(0, 4))
    return used;
  const thisMonth = split.deductible > 0n && sale.businessDay.slice(0, 7) === day.slice(0, 7);
  return {
    deductible: subtractMoney(used.deductible, split.deductible),
    fundPaid: subtractMoney(used.fundPaid, split.fundTotal),
    counted: subtractMoney(used.counted, split.inScope),
    visits: used.visits - 1,
    deductiblesThisMonth: used.deductiblesThisMonth - (thisMonth ? 1 : 0),
  };
}

/** The document that holds for this person's visit here and today; `policy-not-applicable` when none does. */
export function policyFor(
  parts: Pick<CheckoutParts, 'config' | 'clock' | 'policies'>,
  holder: Holder,
  { region, scheme, personType }: Insurance,
  chronic = false,
): Result<Policy, Fault> {
  const { day, age, institution, visitKind } = circumstances(parts, holder, chronic);
  const { tags } = holder;
  return choosePolicy(parts.policies, { region, scheme, personType, day, visitKind, institution, age, tags });
}

function circumstances(
  { config, clock }: Pick<CheckoutParts, 'config' | 'clock'>,
  holder: Holder,
  chronic: boolean,
) {
  const { level, kind } = config.shop;
  const day = businessDay(clock.nowMs());
  // Only a pharmacy sells without a visit; a clinic's counter settles its outpatients.
  const ordinary: VisitKind = kind === 'pharmacy' ? 'pharmacy' : 'outpatient';
  const visitKind: VisitKind = chronic ? 'chronic' : ordinary;
  return { day, age: ageOfHolder(holder, day), institution: { level, kind }, visitKind };
}
