import { z } from 'zod';
import { parseMoney, parseRatio } from './money.ts';

/**
 * A policy document (待遇政策): the benefit as data, keyed by region, scheme, kind of visit, person group and
 * dates. It comes as TOML or JSON with amounts as text; this schema is the border, and its output is what
 * the engine in `benefits/` reads. Money in yuan with at most two decimals, ratios from 0 to 1.
 */
const moneyText = z.string().transform((text, context) => {
  const parsed = parseMoney(text);
  if (parsed.ok && parsed.value >= 0n) return parsed.value;
  context.addIssue({ code: 'custom', message: `"${text}" is not an amount of yuan such as "200.00"` });
  return z.NEVER;
});

const ratioText = z.string().transform((text, context) => {
  const parsed = parseRatio(text);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: `"${text}" is not a ratio from "0" to "1"` });
  return z.NEVER;
});

const dayText = z.string().refine(isDay, 'not a day such as "2026-01-01"');
const word = z.string().min(1).max(60);

/** `*` stands for every region that has no document of its own. */
const regionText = z.string().regex(/^(\*|\d{6})$/, 'not six digits or "*"');

/** Kinds of visit (就诊类别) of requirement E4 and the stay. */
export const visitKinds = ['pharmacy', 'outpatient', 'emergency', 'chronic', 'inpatient'] as const;

/** A person group (人群) by the leading digits of psn_type, and what the fund pays for it. */
const personGroup = z.strictObject({
  id: word,
  nameZh: word,
  nameEn: word,
  personTypes: z.array(z.string().regex(/^\d{1,6}$/, 'not leading digits of a person type')).min(1),
  fundRatio: ratioText,
});

const accountRules = z.strictObject({
  /** May the personal account (个人账户) pay what is wholly out of scope? Widens with time (C12). */
  paysOutOfScope: z.boolean(),
  /** May it pay the part above the price ceiling? */
  paysOverCeiling: z.boolean(),
});

export const policySchema = z
  .strictObject({
    id: word,
    version: word,
    titleZh: word,
    titleEn: word,
    /** `official` only for a document of a real region; everything shipped is `training`. */
    status: z.enum(['official', 'training', 'sample']),
    /** Document that the rules are taken from, as an inspector would look it up. */
    basis: z.string().min(1).max(200),
    regions: z.array(regionText).min(1),
    scheme: z.string().regex(/^\d{3}$/, 'not three digits'),
    visitKinds: z.array(z.enum(visitKinds)).min(1),
    validFrom: dayText,
    /** Last day on which it holds; absent = until further notice. */
    validTo: dayText.optional(),
    fund: z.strictObject({
      code: z.string().regex(/^\d{6}$/, 'not six digits'),
      nameZh: word,
      nameEn: word,
    }),
    /** Deductible (起付线) of one calendar year. */
    yearlyDeductible: moneyText,
    /** What the fund pays at most in one calendar year (年度支付限额); absent = no limit. */
    yearlyFundCap: moneyText.optional(),
    groups: z.array(personGroup).min(1),
    account: accountRules,
  })
  .check((context) => {
    const { validFrom, validTo, groups } = context.value;
    if (validTo !== undefined && validTo < validFrom) {
      context.issues.push({
        code: 'custom',
        input: validTo,
        path: ['validTo'],
        message: 'ends before it begins',
      });
    }
    const prefixes = groups.flatMap((group) => group.personTypes);
    const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index);
    if (twice === undefined) return;
    context.issues.push({
      code: 'custom',
      input: twice,
      path: ['groups'],
      message: `person type ${twice} stands in two groups`,
    });
  });

/** A policy as the engine reads it: amounts are Money and Ratio. */
export type Policy = z.output<typeof policySchema>;
/** A policy as it is written down: amounts are text. */
export type PolicyText = z.input<typeof policySchema>;
export type PersonGroup = Policy['groups'][number];
export type VisitKind = (typeof visitKinds)[number];

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(text);
}
