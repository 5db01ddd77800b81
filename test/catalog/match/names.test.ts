import { describe, expect, test } from 'vitest';
import { formGroup } from '#catalog/match/form-groups';
import { nameParts } from '#catalog/match/names';
import { createNationalListMatcher } from '#catalog/match/national-list-match';
import { compareAmounts, strengthOf } from '#catalog/match/strength';
import { nationalList } from '#catalog/starter';

describe('a generic name', () => {
  test.each([
    ['盐酸二甲双胍缓释片', '二甲双胍', '缓释片'],
    ['二甲双胍片', '二甲双胍', '片'],
    ['阿莫西林胶囊', '阿莫西林', '胶囊'],
    ['双氯芬酸钠缓释片', '双氯芬酸', '缓释片'],
    ['注射用头孢曲松钠', '头孢曲松', '粉针剂'],
    ['苯磺酸氨氯地平片', '氨氯地平', '片'],
    ['甲磺酸伊马替尼片', '伊马替尼', '片'],
    ['硝酸异山梨酯片', '异山梨酯', '片'],
  ])('%s is %s in the form %s', (name, stem, form) => {
    expect(nameParts(name)).toMatchObject({ stem, form });
  });

  test.each([
    ['氯化钠注射液', '氯化钾注射液'],
    ['碳酸氢钠片', '碳酸钙片'],
    ['硫酸镁注射液', '硫酸锌片'],
    ['葡萄糖酸钙注射液', '葡萄糖酸锌颗粒'],
    ['枸橼酸钾颗粒', '枸橼酸钠注射液'],
    ['氨麻美敏片(Ⅱ)', '氨麻美敏片(Ⅲ)'],
  ])('%s and %s stay two drugs', (a, b) => {
    expect(nameParts(a).stem).not.toBe(nameParts(b).stem);
  });

  test('wide brackets, blanks and dots make no other drug', () => {
    expect(nameParts('复方 氨酚·烷胺（Ⅰ） 片').withSalt).toBe(nameParts('复方氨酚烷胺(Ⅰ)片').withSalt);
  });
});

test('forms are merged as the list says: a dropping pill is a pill in western medicine and not in patent medicine', () => {
  expect(formGroup('分散片', 'western')).toBe('口服常释剂型');
  expect(formGroup('软胶囊', 'western')).toBe('口服常释剂型');
  expect(formGroup('缓释片', 'western')).not.toBe(formGroup('片', 'western'));
  expect(formGroup('滴丸', 'western')).toBe(formGroup('丸剂', 'western'));
  expect(formGroup('滴丸', 'patent')).not.toBe(formGroup('丸剂', 'patent'));
  expect(formGroup('水蜜丸', 'patent')).toBe(formGroup('浓缩丸', 'patent'));
  expect(formGroup('软胶囊', 'patent')).not.toBe(formGroup('胶囊', 'patent'));
});

test.each([
  ['0.25g×24片', '250mg*24片', 'same'],
  ['0.25g', '0.5g', 'other'],
  ['10ml:50mg', '50mg', 'same'],
  ['100万单位', '100万IU', 'same'],
  ['每片含0.1克', '100mg', 'same'],
  ['小盒', '0.5g', 'unknown'],
  ['75微克', '0.075mg', 'same'],
] as const)('strength %s beside %s is %s', (a, b, outcome) => {
  expect(compareAmounts(strengthOf(a), strengthOf(b))).toBe(outcome);
});

test.each([
  ['0.25g×12片×2板', 24],
  ['0.25g*24', 24],
  ['10ml×6支', 6],
  ['5g', undefined],
])('%s is a pack of %s', (specification, count) => {
  expect(strengthOf(specification).count).toBe(count);
});

describe('the national list', () => {
  const match = createNationalListMatcher(nationalList());

  test.each([
    ['盐酸二甲双胍片', '片剂', '二甲双胍', 'salt'],
    ['阿莫西林胶囊', '胶囊剂', '阿莫西林', 'salt'],
    ['枸橼酸铋钾颗粒', '颗粒剂', '枸橼酸铋钾', 'salt'],
    ['酚麻美敏片', '片剂', '缓解感冒症状的复方OTC制剂', 'class'],
    ['铝镁颠茄片', '片剂', '缓解消化道不适症状的复方OTC制剂', 'class'],
  ])('finds %s %s as %s by the rule of %s', (name, form, entry, rule) => {
    expect(match(name, form)).toMatchObject({ entry: { name: entry }, rule });
  });

  test('does not take another form group, an injection for a tablet', () => {
    const tablet = match('盐酸莫西沙星片', '片剂');
    const injection = match('盐酸莫西沙星氯化钠注射液', '注射液');
    expect(tablet?.entry.form).toBe('口服常释剂型');
    expect(injection?.entry.form).not.toBe('口服常释剂型');
  });

  test('finds every name of its own', () => {
    const missing = nationalList().filter(({ name, form }) => match(name, form ?? '') === undefined);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test('says nothing of goods that no list knows', () => {
    expect(match('口罩', '')).toBeUndefined();
    expect(match('', '')).toBeUndefined();
  });
});
