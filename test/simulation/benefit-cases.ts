import type { BenefitCase, BenefitLine } from '#core/domain/benefit';
import { fen, type Money, type Quantity, type Ratio, type UnitPrice } from '#core/money';
import {
  institutionKinds,
  institutionLevels,
  itemCategories,
  layers,
  type Policy,
  visitKinds,
} from '#core/policy';
import { choose } from './seeded.ts';

type Random = () => number;
type Many<T> = readonly [T, ...T[]];

/** What a document names: its borders are where cases go. */
interface Borders {
  readonly amounts: readonly bigint[];
  readonly levels: readonly (typeof institutionLevels)[number][];
  readonly kinds: readonly (typeof institutionKinds)[number][];
  readonly ages: readonly number[];
  readonly tags: readonly string[];
  readonly days: readonly string[];
}

/** A visit that the document may or may not know, with figures on, beside and far from its borders. */
export function randomCase(random: Random, policy: Policy): BenefitCase {
  const borders = bordersOf(policy);
  const own = <T>(share: number, named: readonly T[], any: Many<T>): T =>
    named.length > 0 && random() < share ? choose(random, named as Many<T>) : choose(random, any);
  const day = own(0.2, borders.days, [`2026-0${whole(random, 1, 9)}-1${whole(random, 0, 9)}`]);
  const quotaDocument = policy.steps.some(({ kind }) => kind === 'quota');
  const highest = random() < 0.5 ? {} : { highestLevel: choose(random, institutionLevels) };
  const balance = random() < 0.2 ? {} : { balance: fen(amountNear(random, borders) - 2_00n) };
  const quota = { disease: 'A01', amount: fen(amountNear(random, borders)) };
  return {
    visitKind: own(0.97, policy.visitKinds, visitKinds),
    institution: {
      level: own(0.9, borders.levels, institutionLevels),
      kind: own(0.9, borders.kinds, institutionKinds),
    },
    person: {
      scheme: own(0.98, policy.schemes, ['999']),
      group: own(
        0.98,
        policy.groups.map(({ id }) => id),
        ['unknown'],
      ),
      age: Math.max(0, own(0.6, borders.ages, [whole(random, 0, 100)]) + whole(random, -1, 1)),
      tags: random() < 0.5 ? [] : [tag(random, borders, day), tag(random, borders, day)],
    },
    day,
    usedThisYear: {
      deductible: used(random, borders),
      counted: used(random, borders),
      fundPaid: used(random, borders),
      byLayer: Object.fromEntries(layers.slice(1).map((layer) => [layer, used(random, borders)])),
      stays: whole(random, 0, 3),
      ...highest,
      visits: whole(random, 0, 20),
    },
    thisMonth: { deductibles: whole(random, 0, 2) },
    thisVisit: {
      counted: random() < 0.7 ? {} : { [choose(random, itemCategories)]: used(random, borders) },
    },
    stay: { days: whole(random, 0, 60) },
    ...(random() < (quotaDocument ? 0.95 : 0.1) ? { quota } : {}),
    oneStop: random() < 0.8 ? { possible: true, reason: '' } : { possible: false, reason: '系统未联通' },
    lines: Array.from({ length: whole(random, 1, 8) }, (_, place) => line(random, borders, place + 1)),
    account: { ...balance, use: random() < 0.8 },
  };
}

/** One more line of this amount, wholly in scope: class A, prescribed, without a ceiling. */
export function inScopeLine(random: Random, lineNumber: number, amount: bigint): BenefitLine {
  return {
    lineNumber,
    category: choose(random, itemCategories),
    insuranceClass: 'A',
    mapped: true,
    amount: fen(amount),
    quantity: 10_000n as Quantity,
    firstSelfPayRatio: 0n as Ratio,
    doses: 30_000n as Quantity,
    prescription: true,
  };
}

function line(random: Random, borders: Borders, lineNumber: number): BenefitLine {
  const category = choose(random, itemCategories);
  const insuranceClass = choose(random, ['A', 'A', 'A', 'B', 'B', 'C']);
  const quantity = BigInt(choose(random, [10_000, 10_000, 20_000, 5_000, whole(random, 1, 300_000)]));
  const wanted = amountNear(random, borders);
  const unitPrice = (wanted * 100_000_000n) / quantity;
  const priced = random() < 0.6;
  const amount = priced ? (unitPrice * quantity * 2n + 100_000_000n) / 200_000_000n : wanted;
  const above = choose(random, [0n, 1n, -1n, unitPrice / 3n, unitPrice / 10n, 5_000_000n]);
  const ceiling = unitPrice > above ? unitPrice - above : 0n;
  const ratios = [0, 500, 1000, 3000, 3333, 10_000, whole(random, 0, 10_000)] as const;
  return {
    lineNumber,
    category,
    insuranceClass,
    mapped: random() < 0.96,
    amount: fen(amount),
    quantity: quantity as Quantity,
    ...(priced ? { unitPrice: unitPrice as UnitPrice } : {}),
    ...(random() < 0.3 ? { ceiling: ceiling as UnitPrice } : {}),
    firstSelfPayRatio: BigInt(insuranceClass === 'B' ? choose(random, ratios) : 0) as Ratio,
    ...(random() < (category === 'herbal' ? 0.97 : 0.05)
      ? { doses: BigInt(choose(random, [10_000, 70_000, whole(random, 0, 200_000)])) as Quantity }
      : {}),
    prescription: random() < 0.85,
  };
}

function tag(random: Random, { tags }: Borders, day: string) {
  const code = choose(random, ['2399', ...tags, ...tags]);
  const dates = [{}, {}, { from: day, to: day }, { to: '2001-01-01' }, { from: '2099-01-01' }] as const;
  return { code, ...choose(random, dates) };
}

/** Nothing, or what brings the person near or on a border of the document. */
function used(random: Random, borders: Borders): Money {
  return fen(random() < 0.5 ? 0n : amountNear(random, borders));
}

/** From nothing to far above the greatest border, often on a border or a fen beside it. */
function amountNear(random: Random, { amounts }: Borders): bigint {
  const border = amounts.length === 0 ? 100_00n : choose(random, amounts as Many<bigint>);
  const kind = random();
  if (kind < 0.05) return 0n;
  if (kind < 0.35) return BigInt(whole(random, 1, 500_00));
  if (kind < 0.5) return most(0n, border + BigInt(whole(random, -1, 1)));
  if (kind < 0.9) return BigInt(whole(random, 0, Number(border) + 1));
  return BigInt(whole(random, 0, 3 * Number(border) + 1));
}

const known = new WeakMap<Policy, Borders>();

function bordersOf(policy: Policy): Borders {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const found = { amounts: [] as bigint[], levels: [], kinds: [], ages: [], tags: [], days: [] };
  collect(policy.steps, found);
  if (policy.when !== undefined) collect(policy.when, found);
  known.set(policy, found);
  return found;
}

type Found = { readonly [K in keyof Borders]: Borders[K][number][] };

const listKeys: Readonly<Record<string, 'levels' | 'kinds' | 'tags'>> = {
  levels: 'levels',
  kinds: 'kinds',
  tags: 'tags',
  withoutTags: 'tags',
};

/** Walks the document: every amount, level, kind, age, tag and day that it names anywhere. */
function collect(value: unknown, found: Found): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const list = listKeys[key];
    if (Array.isArray(each) && list !== undefined) (found[list] as unknown[]).push(...each);
    else if (key === 'ageFrom' || key === 'ageBelow') found.ages.push(Number(each));
    else if (typeof each === 'bigint' && !/[rR]atio$|share|assistedOwn/.test(key)) found.amounts.push(each);
    else if ((key === 'from' || key === 'to') && typeof each === 'string') found.days.push(each);
    else collect(each, found);
  }
}

/** A whole number between the two, both included. */
function whole(random: Random, least: number, greatest: number): number {
  return least + Math.floor(random() * (greatest - least + 1));
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
