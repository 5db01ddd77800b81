import { assert } from '#core/assert';
import type { BenefitCase, BenefitSplit } from '#core/domain/benefit';
import { type Fault, fault } from '#core/fault';
import { layers, type Policy } from '#core/policy';
import { holds } from './conditions.ts';
import type { SplitState } from './state.ts';

/** What no split can be made of: outside data that does not fit together. */
export function caseProblem(visit: BenefitCase): Fault | undefined {
  const seen = new Set<number>();
  for (const { lineNumber, amount, quantity, doses } of visit.lines) {
    if (amount < 0n || quantity < 0n || (doses !== undefined && doses < 0n)) {
      return fault('case-invalid', `line ${lineNumber} has a negative amount, quantity or number of doses`);
    }
    seen.add(lineNumber);
  }
  if (seen.size < visit.lines.length) return fault('case-invalid', 'two lines have the same number');
  const { deductible, counted, fundPaid, byLayer } = visit.usedThisYear;
  const isBelowZero = (amount: bigint) => amount < 0n;
  if (
    [deductible, counted, fundPaid, visit.quota?.amount ?? 0n].some(isBelowZero) ||
    Object.values(byLayer).some(isBelowZero) ||
    Object.values(visit.thisVisit.counted).some(isBelowZero)
  ) {
    return fault('case-invalid', 'what was used before, or the quota, is negative');
  }
  const { days } = visit.stay;
  if (!Number.isSafeInteger(days) || days < 0) {
    return fault('case-invalid', 'the days of the stay are not a whole number from 0');
  }
  return undefined;
}

/** Whether the document speaks of such a case at all; region and dates chose the document before. */
export function documentProblem(policy: Policy, { facts, visit }: SplitState): Fault | undefined {
  const { visitKind, group } = facts;
  const no = (what: string) => fault('policy-not-applicable', `${policy.id}: ${what}`);
  if (!policy.visitKinds.includes(visitKind)) return no(`no rule for ${visitKind}`);
  if (!policy.schemes.includes(visit.person.scheme)) return no(`no rule for scheme ${visit.person.scheme}`);
  if (!policy.groups.some(({ id }) => id === group)) return no(`no group ${group}`);
  if (!holds(policy.when, facts)) {
    return no(`no rule for ${facts.level} ${facts.kind}, ${group}, age ${facts.age}`);
  }
  return undefined;
}

/** The relations that every split keeps, held before anything is shown (interface section 11, 1–4 and 10). */
export function assertAddsUp(split: BenefitSplit): void {
  const { total, fundTotal, own } = split;
  let [lineTotals, inScope, covered, lineOwn] = [0n, 0n, 0n, 0n];
  for (const line of split.lines) {
    const parts = line.outOfScope + line.overCeiling + line.firstSelfPay + line.inScope;
    assert(parts === line.total, 'the four parts of a line add up to its total');
    assert(line.inScope >= 0n, 'what is left of a line in scope is not negative');
    assert(line.covered >= 0n, 'what the funds cover of a line is not negative');
    assert(line.own >= 0n, 'the own part of a line is not negative');
    lineTotals += line.total;
    inScope += line.inScope;
    covered += line.covered;
    lineOwn += line.own;
  }
  assert(lineTotals === total, 'the lines add up to the total');
  assert(inScope === split.inScope, 'the lines in scope add up to what is in scope');
  assert(covered === fundTotal, 'what the lines have covered adds up to the funds');
  assert(lineOwn === own, 'the own parts of the lines add up to own');
  assert(split.counted <= split.inScope, 'no more counts than is in scope');
  assert(split.deductible <= split.counted, 'the deductible is part of what counts');
  assertPayersAddUp(split);
}

function assertPayersAddUp(split: BenefitSplit): void {
  let funds = 0n;
  for (const layer of layers) {
    assert(split.funds[layer] >= 0n, 'no layer pays less than nothing');
    funds += split.funds[layer];
  }
  assert(funds === split.fundTotal, 'layers add up to the fund total');
  assert(split.institution >= 0n, 'what the institution bears is not negative');
  assert(
    split.own === split.total - funds - split.institution,
    'own is the total less funds and institution',
  );
  assert(split.account + split.cash === split.own, 'account and cash add up to own');
  assert(split.account >= 0n, 'the account share is not negative');
  assert(split.cash >= 0n, 'cash is not negative');
}
