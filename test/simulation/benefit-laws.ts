import { isDeepStrictEqual } from 'node:util';
import { splitRefund } from '#benefits/refund-case';
import { splitCase } from '#benefits/split-case';
import type { BenefitCase, BenefitLine, BenefitSplit } from '#core/domain/benefit';
import type { Money, Quantity } from '#core/money';
import type { Policy } from '#core/policy';
import { type AgencySums, agencySplit } from '#simulators/agency/benefit/agency-split';
import { inScopeLine } from './benefit-cases.ts';

type Random = () => number;
/** A sentence when the case breaks the law. */
export type Law = (policy: Policy, visit: BenefitCase, random: Random) => string | undefined;

type Line = Omit<AgencySums['lines'][number], 'firstSelfPayRatio'>;
type Sums = Omit<AgencySums, 'lines'> & { readonly lines: readonly Line[] };

/** The engine's sums without its words; or why it refuses. */
export function engineSums(policy: Policy, visit: BenefitCase): Sums | string {
  const split = splitCase(policy, visit);
  if (!split.ok) return split.error.code;
  const { reasons: _, lines, ...sums } = split.value;
  return { ...sums, lines: lines.map(({ reasons: __, firstSelfPayRatio: ___, ...line }) => line) };
}

function agencySums(policy: Policy, visit: BenefitCase): Sums | string {
  const split = agencySplit(policy, visit);
  if (split.kind !== 'split') return split.kind;
  const { lines, ...sums } = split.sums;
  return { ...sums, lines: lines.map(({ firstSelfPayRatio: _, ...line }) => line) };
}

/** Two implementations made apart from each other: every sum of sale and line, or the same refusal. */
export const twoImplementationsAgree: Law = (policy, visit) => {
  const ours = engineSums(policy, visit);
  const theirs = agencySums(policy, visit);
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  if (typeof ours === 'string' || typeof theirs === 'string')
    return `engine ${nameOf(ours)}, agency ${nameOf(theirs)}`;
  return [
    ...differing(ours, theirs),
    ...differing(ours.funds, theirs.funds),
    ...ours.lines.flatMap((line, place) =>
      differing(line, theirs.lines[place] ?? {}).map((each) => `line ${line.lineNumber} ${each}`),
    ),
  ].join('; ');
};

/** Parts make the whole for the sale and for every line, and nothing is negative. */
export const partsAddUp: Law = (policy, visit) => {
  const split = engineSums(policy, visit);
  if (typeof split === 'string') return undefined;
  const { lines, funds } = split;
  const sum = (of: (line: Line) => bigint) => lines.reduce((all, line) => all + of(line), 0n);
  const amounts = visit.lines.reduce((all, line) => all + line.amount, 0n);
  const relations: Readonly<Record<string, boolean>> = {
    'the total is the sum of the lines': split.total === amounts && split.total === sum((line) => line.total),
    'four parts make the sale': split.total === partsOf(split),
    'four parts make each line': lines.every((line) => line.total === partsOf(line)),
    'each part is the sum of its lines':
      split.outOfScope === sum((line) => line.outOfScope) &&
      split.overCeiling === sum((line) => line.overCeiling) &&
      split.firstSelfPay === sum((line) => line.firstSelfPay) &&
      split.inScope === sum((line) => line.inScope),
    'layers make the fund total': split.fundTotal === Object.values(funds).reduce((a, b) => a + b, 0n),
    'own is what funds and institution leave':
      split.own === split.total - split.fundTotal - split.institution,
    'account and cash make own': split.own === split.account + split.cash,
    'covered by line makes the fund total': split.fundTotal === sum((line) => line.covered),
    'own by line makes own': split.own === sum((line) => line.own),
    'what counts is in scope': split.counted <= split.inScope && split.deductible <= split.counted,
    'no line is covered beyond its total': lines.every((line) => line.covered <= line.total),
    'the account gives no more than it has': split.account <= positive(visit.account.balance ?? 0n),
    'nothing is negative': [split, funds, ...lines].every((each) =>
      Object.values(each).every((value) => typeof value !== 'bigint' || value >= 0n),
    ),
  };
  return Object.entries(relations).find(([, holds]) => !holds)?.[0];
};

/** One more fen in scope never makes the patient pay less; a step that rounds for itself may take one fen. */
export const moreCostNeverCostsLess: Law = (policy, visit, random) => {
  const before = engineSums(policy, visit);
  const extra = BigInt(1 + Math.floor(random() * random() * 500_00));
  const more = { ...visit, lines: [...visit.lines, inScopeLine(random, visit.lines.length + 1, extra)] };
  const after = engineSums(policy, more);
  if (typeof before === 'string' || typeof after === 'string') return undefined;
  const secondRounding = policy.steps.some(({ kind }) => kind === 'daily-addition') ? 1n : 0n;
  if (after.own >= before.own - secondRounding) return undefined;
  return `${extra} fen more in scope: own ${before.own} becomes ${after.own}`;
};

/**
 * The order of lines decides no money: only a fen of a spread may go to another line of the same weight, and
 * what is paid for lines that are all out of scope (C9) begins with the first.
 */
export const orderDoesNotMatter: Law = (policy, visit, random) => {
  const shuffled = { ...visit, lines: shuffle(visit.lines, random) };
  const [first, second] = [engineSums(policy, visit), engineSums(policy, shuffled)];
  if (typeof first === 'string' || typeof second === 'string')
    return first === second ? undefined : `refused only in one order: ${nameOf(first)}, ${nameOf(second)}`;
  const { lines, ...sums } = first;
  const { lines: moved, ...others } = second;
  if (!isDeepStrictEqual(sums, others)) return `another order: ${differing(sums, others).join('; ')}`;
  const byNumber = new Map(moved.map((line) => [line.lineNumber, line]));
  for (const line of lines) {
    const other = byNumber.get(line.lineNumber);
    const { covered, own, ...cut } = line;
    if (other === undefined) return `line ${line.lineNumber} is gone`;
    const { covered: otherCovered, own: _, ...otherCut } = other;
    if (!isDeepStrictEqual(cut, otherCut)) return `line ${line.lineNumber} is cut otherwise`;
    if (first.inScope === 0n) continue;
    if (covered - otherCovered > 2n || otherCovered - covered > 2n)
      return `line ${line.lineNumber}, own ${own}, is covered with ${covered} or ${otherCovered}`;
  }
  return undefined;
};

/** A refund of everything gives back exactly what was taken, from everybody who paid and for every line. */
export const fullRefundGivesAllBack: Law = (policy, visit) => {
  const whole = engineSums(policy, visit);
  if (typeof whole === 'string') return undefined;
  const everything = visit.lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity }));
  const back = splitRefund(policy, visit, everything);
  if (!back.ok) return `the refund of everything is refused: ${back.error.code}`;
  const { reasons: _, lines, ...sums } = back.value;
  const given = [sums, sums.funds, ...lines.map(({ reasons: __, firstSelfPayRatio: ___, ...line }) => line)];
  const taken = [whole, whole.funds, ...whole.lines];
  return unlessAdded(given, taken, () => 0n);
};

/** A refund of part of some lines, and what is left by the agency's own split, make the whole again. */
export const partRefundLeavesTheRest: Law = (policy, visit, random) => {
  const whole = agencySums(policy, visit);
  const parts = visit.lines
    .filter(() => random() < 0.6)
    .map(({ lineNumber, quantity }) => ({ lineNumber, quantity: partOf(quantity, random) }));
  const left = visit.lines.map((line) => leftOf(line, parts));
  const rest = agencySums(policy, { ...visit, lines: left.filter(({ amount }) => amount > 0n) });
  if (typeof whole === 'string' || typeof rest === 'string' || parts.length === 0) return undefined;
  const back = splitRefund(policy, visit, parts);
  if (!back.ok) return `the refund is refused: ${back.error.code}`;
  const given = [back.value, back.value.funds];
  return unlessAdded(given, [whole, whole.funds], (place, key) => {
    const value = new Map<string, unknown>(Object.entries(place === 0 ? rest : rest.funds)).get(key);
    return typeof value === 'bigint' ? value : 0n;
  });
};

/** Amount by amount: what is given back (negative) and what was taken make what is left. */
function unlessAdded(
  given: readonly object[],
  taken: readonly object[],
  left: (place: number, key: string) => bigint,
): string | undefined {
  for (const [place, whole] of taken.entries()) {
    const back = new Map<string, unknown>(Object.entries(given[place] ?? {}));
    for (const [key, amount] of Object.entries(whole)) {
      if (typeof amount !== 'bigint') continue;
      const returned = back.get(key);
      if (typeof returned !== 'bigint' || amount + returned !== left(place, key))
        return `${key}: ${amount} taken, ${String(returned)} given back, ${left(place, key)} left (${place})`;
    }
  }
  return undefined;
}

function partOf(quantity: Quantity, random: Random): Quantity {
  const part = random() < 0.3 ? quantity : BigInt(1 + Math.floor(random() * Number(quantity - 1n)));
  return part as Quantity;
}

function leftOf(
  line: BenefitLine,
  parts: readonly { readonly lineNumber: number; readonly quantity: Quantity }[],
): BenefitLine {
  const part = parts.find(({ lineNumber }) => lineNumber === line.lineNumber);
  if (part === undefined) return line;
  // Half up in whole numbers: twice the numerator and once the denominator, over twice the denominator.
  const gone = (of: bigint) => (2n * of * part.quantity + line.quantity) / (2n * line.quantity);
  return {
    ...line,
    amount: (line.amount - gone(line.amount)) as Money,
    quantity: (line.quantity - part.quantity) as Quantity,
    ...(line.doses === undefined ? {} : { doses: (line.doses - gone(line.doses)) as Quantity }),
  };
}

function partsOf(
  part: Pick<BenefitSplit, 'outOfScope' | 'overCeiling' | 'firstSelfPay' | 'inScope'>,
): bigint {
  return part.outOfScope + part.overCeiling + part.firstSelfPay + part.inScope;
}

function differing(ours: object, theirs: object): string[] {
  const others = new Map<string, unknown>(Object.entries(theirs));
  return Object.entries(ours)
    .filter(([key, value]) => typeof value !== 'object' && value !== others.get(key))
    .map(([key, value]) => `${key} ${String(value)} ≠ ${String(others.get(key))}`);
}

function nameOf(split: Sums | string): string {
  return typeof split === 'string' ? split : `pays ${split.fundTotal}`;
}

function shuffle<T>(list: readonly T[], random: Random): T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
