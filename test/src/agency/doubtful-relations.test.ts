import { describe, expect, test } from 'vitest';
import { doubtfulRelations } from '#agency/doubtful-relations';
import type { AnsweredLine, SettlementAnswer } from '#agency/messages/settlement-answer';
import { fen, price, quantity, ratio, yuan } from '#core/money';

/** One class B line above its ceiling, pool 60 % above a deductible of 5.00: the figures of the fixtures. */
const line: AnsweredLine = {
  lineId: 'S-1',
  total: yuan('64.00'),
  quantity: quantity('2'),
  price: price('32'),
  ceiling: price('30'),
  outOfScope: yuan('0.00'),
  overCeiling: yuan('4.00'),
  firstSelfPay: yuan('3.00'),
  inScope: yuan('57.00'),
  firstSelfPayRatio: ratio('0.05'),
  insuranceClass: 'B',
  memo: '',
};
const nothing = yuan('0.00');
const answer: SettlementAnswer = {
  visitId: 'V1',
  personNumber: 'N1',
  echoedMessageId: 'M1',
  clearingOffice: '990199',
  clearingType: '41',
  total: yuan('64.00'),
  outOfScope: nothing,
  overCeiling: yuan('4.00'),
  firstSelfPay: yuan('3.00'),
  inScope: yuan('57.00'),
  deductible: yuan('5.00'),
  poolRatio: ratio('0.6'),
  fundItems: [yuan('31.20'), nothing],
  fundTotal: yuan('31.20'),
  own: yuan('32.80'),
  account: yuan('32.80'),
  cash: nothing,
  institutionShare: nothing,
  mutualAid: nothing,
  balanceAfter: nothing,
  funds: [{ code: '310100', nameZh: '统筹', amount: yuan('31.20'), limit: yuan('3000.00') }],
  lines: [line],
};
const names = (changed: SettlementAnswer) => doubtfulRelations(changed).map((broken) => broken.name);
const withLine = (change: Partial<AnsweredLine>) => names({ ...answer, lines: [{ ...line, ...change }] });

describe('relations that no public source confirms', () => {
  test('a good answer warns of nothing, and a fen of rounding neither', () => {
    expect(names(answer)).toEqual([]);
    expect(names({ ...answer, fundItems: [fen(31_21n)] })).toEqual([]);
  });

  test('a pool that pays another share is relation 8, unless its limit explains it', () => {
    expect(names({ ...answer, fundItems: [yuan('30.00')] })).toEqual(['relation-8']);
    const capped = answer.funds.map((row) => ({ ...row, limit: yuan('30.00') }));
    expect(names({ ...answer, fundItems: [yuan('30.00')], funds: capped })).toEqual([]);
  });

  test('a balance below zero is relation 9', () => {
    expect(names({ ...answer, balanceAfter: fen(-1n) })).toEqual(['relation-9']);
  });

  test('an amount that is not quantity times price is relation 11', () => {
    expect(withLine({ quantity: quantity('1'), overCeiling: yuan('2.00') })).toEqual(['relation-11']);
  });

  test('another part above the ceiling is relation 13, also where there is no ceiling', () => {
    expect(withLine({ overCeiling: yuan('2.00') })).toEqual(['relation-13']);
    const { ceiling: _none, ...free } = line;
    expect(names({ ...answer, lines: [free] })).toEqual(['relation-13']);
  });

  test('what the answer does not repeat is not guessed', () => {
    const { quantity: _q, price: _p, ...bare } = line;
    const { poolRatio: _r, balanceAfter: _b, ...silent } = answer;
    expect(names({ ...silent, lines: [{ ...bare, overCeiling: yuan('9.99') }] })).toEqual([]);
  });
});
