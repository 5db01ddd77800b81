import { z } from 'zod';
import { condition } from './conditions.ts';
import { moneyText, ratioText, rounding, ruleNumber, word } from './values.ts';
import { itemCategories, layers } from './words.ts';

const categories = z.array(z.enum(itemCategories)).min(1);
const layer = z.enum(layers);

/**
 * Steps of a split, taken in the order of the document. The engine keeps per line what is out of scope, over
 * the ceiling, first self-pay and in scope, and the *counted* cost (计入费用): what is in scope, less what
 * limits cut off. Deductible and bands work on the sum of the counted cost, the base.
 */

/**
 * Scope and class (范围): class C, unmapped goods, `notCovered` categories and `prescriptionFor` categories
 * without a prescription are out of scope whole.
 */
const scope = z.strictObject({
  kind: z.literal('scope'),
  rule: ruleNumber,
  notCovered: categories.optional(),
  prescriptionFor: categories.optional(),
});

/** Price ceiling (限价): unit price above it × quantity, half up, is own pay. */
const ceiling = z.strictObject({ kind: z.literal('ceiling'), rule: ruleNumber, rounding });

/** First self-pay (先行自付) of class B on what earlier steps left; once per line. */
const firstSelfPay = z.strictObject({ kind: z.literal('first-self-pay'), rule: ruleNumber, rounding });

/**
 * A limit on the cost that counts (限额). `visit` and `stay`: the categories together, less what this visit
 * has counted of them already; `line`: each line by itself; `dose`: amount × doses (帖) of each line. The
 * first entry that holds; none = no limit.
 */
const limit = z.strictObject({
  kind: z.literal('limit'),
  /** What is limited, in words that follow 本次: `村卫生室处方药`. */
  nameZh: word,
  nameEn: word,
  categories,
  per: z.enum(['visit', 'stay', 'line', 'dose']),
  entries: z
    .array(z.strictObject({ rule: ruleNumber, when: condition.optional(), amount: moneyText }))
    .min(1),
});

/**
 * Deductible (起付线), borne by the patient from the lowest part of the base. The first entry that holds; none
 * = no deductible. `yearly`: what is left of the amount after `usedThisYear.deductible`. `visit`: the amount
 * each time, at most `timesAMonth` times a month and until `yearlyMost` is borne. `stay`: the amount of the
 * stay; `later` says what a later stay of the year bears: `entries` as they stand (by `staysFrom`), `none`,
 * or `difference` (on transfer to, or a later stay in, a higher level only the difference of the two).
 */
const deductible = z.strictObject({
  kind: z.literal('deductible'),
  per: z.enum(['yearly', 'visit', 'stay']),
  later: z.enum(['entries', 'none', 'difference']).default('entries'),
  timesAMonth: z.int().min(1).optional(),
  yearlyMost: moneyText.optional(),
  entries: z
    .array(z.strictObject({ rule: ruleNumber, when: condition.optional(), amount: moneyText }))
    .min(1),
});

/** Yearly limit on the cost that counts (按费用封顶): base above amount − `usedThisYear.counted` goes to the upper layers. */
const yearlyCounted = z.strictObject({
  kind: z.literal('yearly-counted'),
  entries: z
    .array(z.strictObject({ rule: ruleNumber, when: condition.optional(), amount: moneyText }))
    .min(1),
});

const band = z
  .strictObject({
    /** Of the positions named by `runsOn`, in yuan; absent = 0 and without end. */
    from: moneyText.optional(),
    to: moneyText.optional(),
    /** One of the two: what the fund pays, or what the patient pays. */
    fundRatio: ratioText.optional(),
    ownRatio: ratioText.optional(),
  })
  .refine((value) => (value.fundRatio === undefined) !== (value.ownRatio === undefined), {
    message: 'names either fundRatio or ownRatio',
  });

/**
 * Bands and ratios (分段比例) of one layer. The first entry that holds; none = the policy has no rule for the
 * case. `runsOn`: `case` = positions of this case's base, the deductible inside the lowest band; `after-deductible`
 * = positions begin behind the deductible; `year` = positions of the year's counted cost, this case on top, and
 * what the layer already paid this year comes off; `above-yearly-counted` = the part that a `yearly-counted`
 * step cut off. The sum over the bands is exact and rounded once. `ownMultiplier` multiplies the own share in
 * the bands (a retired person's own share is 60 % of an active one's).
 */
const bands = z.strictObject({
  kind: z.literal('bands'),
  layer,
  runsOn: z.enum(['case', 'after-deductible', 'year', 'above-yearly-counted']),
  rounding,
  ownMultiplier: z
    .array(z.strictObject({ rule: ruleNumber, when: condition.optional(), ratio: ratioText }))
    .optional(),
  entries: z
    .array(
      z.strictObject({
        rule: ruleNumber,
        when: condition.optional(),
        bands: z.array(band).min(1),
      }),
    )
    .min(1),
});

/** Adds to a layer: `perDay` × days of the stay, at most `most`, at most the own part of the counted cost of `categories`. */
const dailyAddition = z.strictObject({
  kind: z.literal('daily-addition'),
  layer,
  nameZh: word,
  nameEn: word,
  categories,
  entries: z
    .array(
      z.strictObject({
        rule: ruleNumber,
        when: condition.optional(),
        perDay: moneyText,
        most: moneyText,
      }),
    )
    .min(1),
});

/** Yearly limit on what a layer pays (按支付封顶); the first entry that holds, none = no limit. */
const yearlyPayment = z.strictObject({
  kind: z.literal('yearly-payment'),
  layer,
  entries: z
    .array(z.strictObject({ rule: ruleNumber, when: condition.optional(), amount: moneyText }))
    .min(1),
});

/**
 * A layer that fills all funds together up to a share of the total, never beyond the own part (C8). With
 * `oneStop` it pays nothing where one-stop settlement is not possible, and the reason is told.
 */
const fill = z.strictObject({
  kind: z.literal('fill'),
  layer,
  oneStop: z.boolean().default(true),
  rounding,
  entries: z.array(z.strictObject({ rule: ruleNumber, when: condition.optional(), share: ratioText })).min(1),
});

/**
 * Quota payment per disease (按病种定额): b = the lesser of cost and quota. The basic layer pays `basicRatio` of b;
 * who fits `assisted` bears `assistedOwn` of b and assistance the rest, others bear the rest. Cost above the
 * quota is borne by the institution, or half and half with the patient.
 */
const quota = z.strictObject({
  kind: z.literal('quota'),
  rule: ruleNumber,
  basicRatio: ratioText,
  assisted: condition,
  assistedOwn: ratioText,
  overrun: z.enum(['institution', 'half-patient']),
  rounding,
});

/** What the personal account (个人账户) may pay of the own part (C12). */
const account = z.strictObject({
  kind: z.literal('account'),
  rule: ruleNumber,
  paysOutOfScope: z.boolean(),
  paysOverCeiling: z.boolean(),
});

export const step = z.discriminatedUnion('kind', [
  scope,
  ceiling,
  firstSelfPay,
  limit,
  deductible,
  yearlyCounted,
  bands,
  dailyAddition,
  yearlyPayment,
  fill,
  quota,
  account,
]);

export type Step = z.output<typeof step>;
export type StepKind = Step['kind'];
/** The step of one kind, as the engine reads it. */
export type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;
export type Band = z.output<typeof band>;
