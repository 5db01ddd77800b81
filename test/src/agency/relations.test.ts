import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SettlementAnswer } from '#agency/messages/settlement-answer';
import type { AskedSettlement } from '#agency/messages/settlement-asked';
import { checkSettlement, nationalRelations, type RelationRules } from '#agency/relations';
import { toSettlement } from '#agency/settlement-split';
import { fen, sumMoney } from '#core/money';
import { goodCase, mutations } from './arbitrary-answer.ts';

const national: RelationRules = { ...nationalRelations, firstSelfPayIsShare: true };
const inside: RelationRules = { ...national, accountInsideFund: true };
const styles = [
  ['account beside the fund', national],
  ['account inside the fund', inside],
] as const;

const names = (answer: SettlementAnswer, asked: AskedSettlement, rules: RelationRules) =>
  checkSettlement(answer, asked, rules).map((broken) => broken.name);
const sample = (rules: RelationRules, seed = 7) =>
  fc.sample(
    goodCase(rules.accountInsideFund).filter(
      ({ answer, asked }) =>
        asked.useAccount && answer.account > 0n && answer.cash > 0n && answer.lines.length > 2,
    ),
    { seed, numRuns: 1 },
  )[0];

function goodSample(rules: RelationRules) {
  const found = sample(rules);
  if (found === undefined) throw new Error('the generator makes a case');
  return found;
}

describe.each(styles)('money relations, %s', (_style, rules) => {
  test('every good answer passes and its split adds up', () => {
    fc.assert(
      fc.property(goodCase(rules.accountInsideFund), ({ answer, asked }) => {
        expect(names(answer, asked, rules)).toEqual([]);
        const { split } = toSettlement(answer, asked, [], rules, 0);
        expect(sumMoney([split.outOfScope, split.overCeiling, split.firstSelfPay, split.inScope])).toBe(
          split.total,
        );
        expect(split.own).toBe(split.total - split.fundTotal);
        expect(split.own).toBe(split.account + (split.familyAccount ?? 0n) + split.cash);
        expect(split.familyAccount === 0n).toBe(false);
        expect(sumMoney(split.funds.map((fund) => fund.amount))).toBe(split.fundTotal);
        for (const line of split.lines) {
          expect(sumMoney(line.reasons.map((reason) => reason.amount))).toBe(line.total);
        }
      }),
      { verbose: 1 },
    );
  });

  test.each([...mutations.keys()])('one changed amount is caught: %s', (name) => {
    const mutate = mutations.get(name);
    if (mutate === undefined) throw new Error(name);
    const change = fc.bigInt(-1_000_000n, 1_000_000n).filter((by) => by !== 0n);
    fc.assert(
      fc.property(goodCase(rules.accountInsideFund), change, ({ answer, asked }, by) => {
        const wrong = mutate(answer, by);
        // With the account inside the fund both readings of "own" are taken: with it and without it.
        fc.pre(!(name === 'own' && rules.accountInsideFund && wrong.own === wrong.cash + wrong.mutualAid));
        // Whether a relative's account has a row of its own is not known either.
        fc.pre(!(name === 'funds[2]' && [0n, answer.mutualAid, -answer.mutualAid].includes(by)));
        expect(names(wrong, asked, rules)).not.toEqual([]);
      }),
      { verbose: 1 },
    );
  });
});

describe('answers that speak of something else', () => {
  const { answer, asked } = goodSample(national);

  test.each([
    ['another person', { personNumber: 'N2' }, 'answer-person'],
    ['another message', { echoedMessageId: 'M2' }, 'answer-message-id'],
    ['no line', { lines: [] }, 'answer-lines'],
    ['a line too few', { lines: answer.lines.slice(1) }, 'answer-lines'],
    ['a line twice', { lines: [...answer.lines.slice(1), ...answer.lines.slice(-1)] }, 'answer-lines'],
    [
      'a line nobody asked for',
      { lines: answer.lines.map((line, index) => (index === 0 ? { ...line, lineId: 'S-99' } : line)) },
      'answer-lines',
    ],
  ])('%s is a named broken relation', (_what, change, name) => {
    expect(names({ ...answer, ...change }, asked, national)).toContain(name);
  });

  test('another total is caught although the answer agrees with itself', () => {
    const smaller = { ...asked, total: fen(asked.total - 1n) };
    expect(names(answer, smaller, national)).toEqual(['answer-total']);
  });

  test('two lines whose amounts are exchanged are caught', () => {
    const [first, second, ...rest] = asked.lines;
    if (first === undefined || second === undefined) throw new Error('two lines');
    const exchanged = [{ ...first, amount: second.amount }, { ...second, amount: first.amount }, ...rest];
    expect(names(answer, { ...asked, lines: exchanged }, national)).toEqual([
      'answer-line-amount',
      'answer-line-amount',
    ]);
  });

  test('an account used against the holder’s wish is relation 16', () => {
    expect(names(answer, { ...asked, useAccount: false }, national)).toEqual(['relation-16']);
  });

  test('opposite errors that cancel out are caught by their sign', () => {
    const negative = {
      ...answer,
      account: fen(-100n),
      cash: fen(answer.own - answer.mutualAid + 100n),
      funds: answer.funds.map((row) => (row.code === '310200' ? { ...row, amount: fen(-100n) } : row)),
    };
    expect(names(negative, asked, national)).toEqual(['negative-amount']);
  });

  test('a deductible larger than what is in scope is relation 7', () => {
    expect(names({ ...answer, deductible: fen(answer.inScope + 1n) }, asked, national)).toEqual([
      'relation-7',
    ]);
  });

  test('a share of the institution has no place in a pharmacy', () => {
    const row = { code: '999996', nameZh: '医院垫付', amount: fen(1n) };
    expect(names({ ...answer, funds: [...answer.funds, row] }, asked, national)).toEqual([
      'institution-share',
    ]);
  });

  test('a relative’s account that nobody’s cash gave way to breaks relations 3 and 5', () => {
    expect(names({ ...answer, mutualAid: fen(1n) }, asked, national)).toEqual(['relation-3', 'relation-5']);
  });
});

describe('what the region decides', () => {
  test('an answer of the other style is caught', () => {
    const beside = goodSample(national);
    const within = goodSample(inside);
    expect(names(beside.answer, beside.asked, inside)).not.toEqual([]);
    expect(names(within.answer, within.asked, national)).not.toEqual([]);
  });

  test.each([
    [
      '2 and 5',
      { totalIsFundAndOwn: false, accountPlaceIsKnown: false },
      'fundTotal',
      ['relation-4', 'relation-6'],
    ],
    ['3', { ownIsAccountAndCash: false, totalIsFundAndOwn: false }, 'own', []],
  ] as const)('relation %s can be switched off', (_which, off, field, left) => {
    const { answer, asked } = goodSample(national);
    const wrong = { ...answer, [field]: fen(answer[field] + 1n) };
    expect(names(wrong, asked, { ...national, ...off })).toEqual(left);
  });

  test('relation 12 keeps to its tolerance and can be switched off', () => {
    const { answer, asked } = goodSample(national);
    const wrong = {
      ...answer,
      lines: answer.lines.map((line) => ({ ...line, insuranceClass: 'A' as const })),
    };
    expect(names(wrong, asked, national)).toContain('relation-12');
    expect(names(wrong, asked, { ...national, firstSelfPayIsShare: false })).toEqual([]);
    expect(names(wrong, asked, { ...national, firstSelfPayTolerance: fen(10n ** 9n) })).toEqual([]);
  });

  test('an agency that does not echo the message id is taken at its word when the region says so', () => {
    const { answer, asked } = goodSample(national);
    const silent = { ...answer, echoedMessageId: '' };
    expect(names(silent, asked, { ...national, echoesMessageId: false })).toEqual([]);
  });
});
