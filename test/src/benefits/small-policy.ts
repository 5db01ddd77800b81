import { splitCase } from '#benefits/split-case';
import type { BenefitCase, BenefitLine, BenefitSplit } from '#core/domain/benefit';
import { quantity, ratio, yuan } from '#core/money';
import type { Policy, PolicyText } from '#core/policy';
import { validatePolicy } from '#core/policy/parse';

type StepText = PolicyText['steps'][number];

export const cutSteps: StepText[] = [
  { kind: 'scope', rule: 'T.1' },
  { kind: 'ceiling', rule: 'T.2' },
  { kind: 'first-self-pay', rule: 'T.3' },
];

/** Half of everything in scope. */
export const half: StepText = {
  kind: 'bands',
  layer: 'basic',
  runsOn: 'case',
  entries: [{ rule: 'T.6', bands: [{ fundRatio: '0.5' }] }],
};

export const account: StepText = {
  kind: 'account',
  rule: 'T.9',
  paysOutOfScope: false,
  paysOverCeiling: true,
};

/** A document for tests, through the schema as any other. */
export function smallPolicy(steps: StepText[], change: Partial<PolicyText> = {}): Policy {
  const checked = validatePolicy({
    id: 'test',
    version: '1',
    titleZh: '测试',
    titleEn: 'Test',
    status: 'training',
    basis: '测试',
    regions: ['990100'],
    schemes: ['310'],
    visitKinds: ['outpatient', 'inpatient'],
    validFrom: '2020-01-01',
    funds: [
      { layer: 'basic', code: '310100', nameZh: '统筹基金', nameEn: 'pooled fund' },
      { layer: 'seriousIllness', code: '390200', nameZh: '大病保险', nameEn: 'serious-illness insurance' },
      { layer: 'assistance', code: '610100', nameZh: '医疗救助', nameEn: 'medical assistance' },
    ],
    groups: [
      { id: 'active', nameZh: '在职', nameEn: 'employed', personTypes: ['11'] },
      { id: 'retired', nameZh: '退休', nameEn: 'retired', personTypes: ['12'] },
    ],
    steps,
    ...change,
  } satisfies PolicyText);
  if (!checked.ok) throw new Error(checked.error.fault.detail);
  return checked.value;
}

/** Class A, 10.00 yuan, one unit, with a prescription, unless told otherwise. */
export function benefitLine(lineNumber: number, change: Partial<BenefitLine> = {}): BenefitLine {
  return {
    lineNumber,
    category: 'drug',
    insuranceClass: 'A',
    mapped: true,
    amount: yuan('10.00'),
    quantity: quantity('1'),
    firstSelfPayRatio: ratio('0'),
    prescription: true,
    ...change,
  };
}

export function visit(lines: readonly BenefitLine[], change: Partial<BenefitCase> = {}): BenefitCase {
  return {
    visitKind: 'outpatient',
    institution: { level: 'first', kind: 'hospital' },
    person: { scheme: '310', group: 'active', age: 40, tags: [] },
    day: '2026-03-05',
    usedThisYear: nothingUsed,
    thisMonth: { deductibles: 0 },
    thisVisit: { counted: {} },
    stay: { days: 0 },
    oneStop: { possible: true, reason: '' },
    lines,
    account: { use: false },
    ...change,
  };
}

export const nothingUsed: BenefitCase['usedThisYear'] = {
  deductible: yuan('0'),
  counted: yuan('0'),
  fundPaid: yuan('0'),
  byLayer: {},
  stays: 0,
  visits: 0,
};

export function splitOf(policy: Policy, each: BenefitCase): BenefitSplit {
  const split = splitCase(policy, each);
  if (!split.ok) throw new Error(`${split.error.code}: ${split.error.detail}`);
  return split.value;
}
