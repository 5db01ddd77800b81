import { describe, expect, test } from 'vitest';
import { choosePolicy, groupOf, type PolicyQuestion, policyById } from '#benefits/choose-policy';
import type { PolicyText } from '#core/policy';
import { cutSteps, half, smallPolicy } from './small-policy.ts';

const question: PolicyQuestion = {
  region: '990100',
  scheme: '310',
  personType: '1101',
  age: 40,
  day: '2026-11-21',
  visitKind: 'outpatient',
  institution: { level: 'first', kind: 'hospital' },
};

function document(id: string, change: Partial<PolicyText> = {}) {
  return smallPolicy([...cutSteps, half], { id, regions: ['*'], ...change });
}

function chosen(
  documents: readonly ReturnType<typeof document>[],
  change: Partial<PolicyQuestion> = {},
): string {
  const policy = choosePolicy(documents, { ...question, ...change });
  return policy.ok ? `${policy.value.id} ${policy.value.version}` : policy.error.code;
}

describe('the choice of a document', () => {
  const everywhere = document('everywhere', { validFrom: '2026-06-01' });
  const district = document('district', {
    regions: ['990101'],
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
  });

  test('takes the region’s own before the one for all, however new that is, and the one for all elsewhere', () => {
    expect(chosen([everywhere, district], { region: '990101' })).toBe('district 1');
    expect(chosen([everywhere, district], { region: '990199' })).toBe('everywhere 1');
  });

  test('keeps to the dates, first and last day included', () => {
    const days = ['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'];
    const found = days.map((day) => chosen([document('older'), district], { region: '990101', day }));
    expect(found).toEqual(['older 1', 'district 1', 'district 1', 'older 1']);
  });

  test('takes the one that began last, then the greatest version as people count', () => {
    const first = document('rules', { version: '2026-9' });
    const later = document('rules', { version: '2026-1', validFrom: '2026-02-01' });
    expect(chosen([first, later])).toBe('rules 2026-1');
    expect(chosen([first, document('rules', { version: '2026-10' })])).toBe('rules 2026-10');
  });

  test('asks the document’s own condition for level, kind, group, age and tags of the day', () => {
    const big = document('big', {
      when: { levels: ['third'], ageFrom: 70, groups: ['retired'], tags: ['2303'] },
    });
    const fitting: Partial<PolicyQuestion> = {
      personType: '1201',
      age: 70,
      tags: [{ code: '2303', from: '2026-11-21' }],
      institution: { level: 'third', kind: 'hospital' },
    };
    expect(chosen([big], fitting)).toBe('big 1');
    const changes: Partial<PolicyQuestion>[] = [
      { age: 69 },
      { personType: '1101' },
      { day: '2026-11-20' },
      { institution: { level: 'second', kind: 'hospital' } },
    ];
    for (const change of changes) {
      expect(chosen([big], { ...fitting, ...change })).toBe('policy-not-applicable');
    }
  });

  test.each([
    ['an unknown scheme', { scheme: '380' }],
    ['a group that the document leaves out', { personType: '1300' }],
    ['a day before any document', { day: '2019-12-31' }],
    ['another kind of visit', { visitKind: 'chronic' as const }],
  ])('with %s is a fault, never a benefit of zero', (_, change) => {
    expect(chosen([document('rules')], change)).toBe('policy-not-applicable');
  });

  test('a purchase in a pharmacy is meant when nothing is said', () => {
    const { visitKind: _, ...purchase } = question;
    const pharmacy = document('pharmacy', { visitKinds: ['pharmacy'] });
    expect(choosePolicy([document('rules'), pharmacy], purchase)).toMatchObject({
      value: { id: 'pharmacy' },
    });
  });
});

test('a document is found by its id, the latest of several; an unknown id is a fault', () => {
  const documents = [document('a'), document('b', { version: '1' }), document('b', { version: '2' })];
  expect(policyById(documents, 'b')).toMatchObject({ value: { version: '2' } });
  expect(policyById(documents, 'c')).toMatchObject({ ok: false, error: { code: 'policy-not-applicable' } });
});

test('the longest leading digits name the group', () => {
  const groups = [
    { id: 'minor', nameZh: '未成年', nameEn: 'minors', personTypes: ['14'] },
    { id: 'student', nameZh: '学生', nameEn: 'students', personTypes: ['1403'] },
  ];
  const policy = document('rules', { groups });
  expect(['1401', '1403', '1501'].map((type) => groupOf(policy, type)?.id)).toEqual([
    'minor',
    'student',
    undefined,
  ]);
});
