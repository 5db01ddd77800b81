import { z } from 'zod';
import { condition } from './policy/conditions.ts';
import { stepTooLate } from './policy/order.ts';
import { step } from './policy/steps.ts';
import { dayText, sentence, word } from './policy/values.ts';
import { layers, visitKinds } from './policy/words.ts';

export type { Condition } from './policy/conditions.ts';
export type { Band, Step, StepKind, StepOf } from './policy/steps.ts';
export {
  type InstitutionKind,
  type InstitutionLevel,
  type ItemCategory,
  institutionKinds,
  institutionLevels,
  itemCategories,
  type Layer,
  layers,
  type VisitKind,
  visitKinds,
} from './policy/words.ts';

/** `*` stands for every region that has no document of its own. */
const regionText = z.string().regex(/^(\*|\d{6})$/, 'not six digits or "*"');

/** A person group (人群): leading digits of psn_type that belong to it. */
const personGroup = z.strictObject({
  id: word,
  nameZh: word,
  nameEn: word,
  personTypes: z.array(z.string().regex(/^\d{1,6}$/, 'not leading digits of a person type')),
});

/** The fund (基金) behind a layer, with the interface's code. */
const fund = z.strictObject({
  layer: z.enum(layers),
  code: z.string().regex(/^\d{6}$/, 'not six digits'),
  nameZh: word,
  nameEn: word,
});

/**
 * A policy document (待遇政策): the benefit as data, keyed by region, scheme, kind of visit, institution, person
 * group and dates, with its steps in order. It comes as TOML or JSON with amounts as text; this schema is the
 * border, and its output is what the engine in `benefits/` reads. Money in yuan with at most two decimals,
 * ratios from 0 to 1. `docs/policy-documents.md` explains it with an example.
 */
export const policySchema = z
  .strictObject({
    id: word,
    version: word,
    titleZh: word,
    titleEn: word,
    /** `official` only for a document of a real region; `restated` from a text, `sample` unverified, `training` invented. */
    status: z.enum(['official', 'restated', 'sample', 'training']),
    /** Document that the rules are taken from, as an inspector would look it up. */
    basis: z.string().min(1).max(200),
    /** What the text leaves open and how it was decided; parameters that are assumed. */
    notes: z.array(sentence).default([]),
    regions: z.array(regionText).min(1),
    /** Codes insutype: 310 employees, 380 rural cooperative, 390 residents. */
    schemes: z.array(z.string().regex(/^\d{3}$/, 'not three digits')).min(1),
    visitKinds: z.array(z.enum(visitKinds)).min(1),
    /** Further conditions of the whole document: level, kind of institution, group. */
    when: condition.optional(),
    validFrom: dayText,
    /** Last day on which it holds; absent = until further notice. */
    validTo: dayText.optional(),
    funds: z.array(fund).min(1),
    groups: z.array(personGroup).min(1),
    steps: z.array(step).min(1),
  })
  .check((context) => {
    const policy = context.value;
    const complain = (path: (string | number)[], input: unknown, message: string): void => {
      context.issues.push({ code: 'custom', input, path, message });
    };
    const { validFrom, validTo } = policy;
    if (validTo !== undefined && validTo < validFrom) complain(['validTo'], validTo, 'ends before it begins');
    const prefixes = policy.groups.flatMap((group) => group.personTypes);
    const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index);
    if (twice !== undefined) complain(['groups'], twice, `person type ${twice} stands in two groups`);
    const late = stepTooLate(policy.steps);
    if (late !== undefined) complain(['steps', late.index], policy.steps[late.index]?.kind, late.message);
    const funded = new Set(policy.funds.map(({ layer }) => layer));
    policy.steps.forEach((each, index) => {
      const used =
        'layer' in each ? [each.layer] : each.kind === 'quota' ? (['basic', 'assistance'] as const) : [];
      for (const layer of used)
        if (!funded.has(layer)) complain(['steps', index], layer, `no fund is named for the layer ${layer}`);
    });
  });

/** A policy as the engine reads it: amounts are Money and Ratio. */
export type Policy = z.output<typeof policySchema>;
/** A policy as it is written down: amounts are text. */
export type PolicyText = z.input<typeof policySchema>;
export type PersonGroup = Policy['groups'][number];
export type PolicyFund = Policy['funds'][number];
