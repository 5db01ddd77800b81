import { z } from 'zod';
import { parseMoney, parseQuantity, parseRatio, parseUnitPrice, type Quantity } from '#core/money';
import { institutionKinds, institutionLevels, itemCategories, layers, visitKinds } from '#core/policy';
import { dayText } from '#core/policy/values';
import type { Result } from '#core/result';

/** Longest case in lines; a long stay has some hundreds. */
const LINES_MAX = 10_000;

/** One unit, in the 10⁻⁴ of a quantity. */
const ONE = 10_000n;

const money = decimal(parseMoney, 'an amount of yuan as text, such as "12.50"');
const unitPrice = decimal(parseUnitPrice, 'a price as text with at most six decimals');
const ratio = decimal(parseRatio, 'a ratio as text from "0" to "1"');
const quantity = decimal(parseQuantity, 'a quantity as text with at most four decimals').refine(
  (value) => value > 0n,
  'is not above zero',
);
const wholeDoses = z
  .int()
  .min(1)
  .max(1_000_000)
  .transform((value) => (BigInt(value) * ONE) as Quantity);
const count = z.int().min(0);
const code = z.string().min(1).max(60);

const line = z.strictObject({
  category: z.enum(itemCategories),
  /** 甲, 乙, 丙. */
  class: z.enum(['A', 'B', 'C']),
  amount: money,
  quantity: quantity.exactOptional(),
  unitPrice: unitPrice.exactOptional(),
  ceiling: unitPrice.exactOptional(),
  firstSelfPayRatio: ratio.exactOptional(),
  /** Doses (帖) of herbal medicine: text like every quantity, or a whole JSON number, which is a count and exact. */
  doses: z.union([quantity, wholeDoses]).exactOptional(),
  prescription: z.boolean().default(true),
});

const usedThisYear = z.strictObject({
  deductible: money.exactOptional(),
  counted: money.exactOptional(),
  fundPaid: money.exactOptional(),
  byLayer: z.partialRecord(z.enum(layers), money).default({}),
  stays: count.default(0),
  highestLevel: z.enum(institutionLevels).exactOptional(),
  visits: count.default(0),
});

const tag = z.union([
  code,
  z.strictObject({ code, from: dayText.exactOptional(), to: dayText.exactOptional() }),
]);

/**
 * A case as `guitai split` reads it: amounts, prices, ratios and quantities are decimal text; what is absent is
 * none, zero or false, but `prescription` is true. Unknown keys are refused: a misspelt one would change the
 * result without a word.
 */
export const caseSchema = z
  .strictObject({
    visitKind: z.enum(visitKinds),
    institution: z.strictObject({ level: z.enum(institutionLevels), kind: z.enum(institutionKinds) }),
    person: z.strictObject({
      scheme: z.enum(['employee', 'resident', 'rural']),
      group: z.enum(['active', 'retired', 'student', 'child', 'resident']),
      age: z.int().min(0).max(150).default(0),
      tags: z.array(tag).max(100).default([]),
    }),
    usedThisYear: usedThisYear.prefault({}),
    thisMonth: z.strictObject({ deductibles: count.default(0) }).prefault({}),
    thisVisit: z
      .strictObject({ counted: z.partialRecord(z.enum(itemCategories), money).default({}) })
      .prefault({}),
    stay: z.strictObject({ days: count.default(0) }).prefault({}),
    quota: z.strictObject({ disease: z.string().max(100).default(''), amount: money }).exactOptional(),
    oneStop: z
      .strictObject({ possible: z.boolean().default(true), reason: z.string().max(200).default('') })
      .prefault({}),
    lines: z.array(line).min(1).max(LINES_MAX),
    account: z.strictObject({ balance: money.exactOptional(), use: z.boolean().default(false) }).prefault({}),
    refund: z
      .array(z.strictObject({ index: count, quantity }))
      .max(LINES_MAX)
      .default([]),
  })
  .check(({ value, issues }) => {
    const complain = (path: (string | number)[], message: string) =>
      issues.push({ code: 'custom', input: undefined, path, message });
    const { fundPaid, byLayer } = value.usedThisYear;
    if (fundPaid !== undefined && byLayer.basic !== undefined && fundPaid !== byLayer.basic)
      complain(
        ['usedThisYear', 'byLayer', 'basic'],
        'differs from usedThisYear.fundPaid, which says the same',
      );
    const seen = new Set<number>();
    value.refund.forEach(({ index, quantity: back }, place) => {
      const sold = value.lines[index];
      if (sold === undefined) complain(['refund', place, 'index'], 'no line has this index');
      else if (back > (sold.quantity ?? ONE))
        complain(['refund', place, 'quantity'], 'is more than was sold');
      if (seen.has(index)) complain(['refund', place, 'index'], 'the line stands here twice');
      seen.add(index);
    });
  });

export type CaseDocument = z.output<typeof caseSchema>;

/** Text of digits and at most one point, never below zero; a JSON number is refused: it may have lost a fen. */
function decimal<T extends bigint>(parse: (text: string) => Result<T, unknown>, what: string) {
  return z.string().transform((text, context): T => {
    const parsed = /^\d{1,13}(\.\d{1,10})?$/.test(text) ? parse(text) : undefined;
    if (parsed?.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: `is not ${what}` });
    return z.NEVER;
  });
}
