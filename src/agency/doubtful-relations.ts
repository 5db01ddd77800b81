import { fen, lineAmount, type Money, minMoney, shareOf, subtractMoney, zeroMoney } from '#core/money';
import type { AnsweredLine, SettlementAnswer } from './messages/settlement-answer.ts';
import type { BrokenRelation } from './relations.ts';

/*
 * Relations of section 11 that no public source confirms for every region (8, 11, 13), and what can be told of 9
 * without the earlier balance. Breaking one is worth a warning in the records and never disputes a sale.
 */

/** Rows of the pooled fund proper (统筹基金) of employees and residents, in national and regional spelling. */
const POOL_FUNDS: ReadonlySet<string> = new Set(['310100', '310101', '390100', '390101']);

const TOLERANCE = fen(1n);

/** Doubtful relations that an answer breaks, by the interface's number; each is a warning only. */
export function doubtfulRelations(answer: SettlementAnswer): BrokenRelation[] {
  return [
    ...poolShare(answer),
    ...(answer.balanceAfter !== undefined && answer.balanceAfter < 0n
      ? [{ name: 'relation-9', stated: answer.balanceAfter, computed: zeroMoney }]
      : []),
    ...answer.lines.flatMap((line) => [...lineProduct(line), ...lineOverCeiling(line)]),
  ];
}

/** 8: the pool pays its ratio of what is in scope above the deductible, up to its limit. */
function poolShare(answer: SettlementAnswer): BrokenRelation[] {
  const { poolRatio } = answer;
  const pool = answer.fundItems[0] ?? zeroMoney;
  if (poolRatio === undefined || poolRatio === 0n) return [];
  const share = shareOf(subtractMoney(answer.inScope, answer.deductible), poolRatio, 'half-up');
  const limit = answer.funds.find((row) => POOL_FUNDS.has(row.code))?.limit;
  return near('relation-8', pool, limit === undefined ? share : minMoney(share, limit));
}

/** 11: amount = quantity × price as the answer repeats them. */
function lineProduct({ total, quantity, price }: AnsweredLine): BrokenRelation[] {
  if (quantity === undefined || price === undefined || quantity < 0n) return [];
  return near('relation-11', total, lineAmount(price, quantity, 'half-up'));
}

/** 13: above the ceiling = what each unit costs more than it, times the quantity. */
function lineOverCeiling(line: AnsweredLine): BrokenRelation[] {
  const { quantity, price, ceiling } = line;
  // Own pay as a whole is not cut at a ceiling.
  if (quantity === undefined || price === undefined || line.insuranceClass === 'C') return [];
  if (ceiling === undefined || ceiling >= price) return near('relation-13', line.overCeiling, zeroMoney);
  const above = (price - ceiling) as typeof price;
  return near('relation-13', line.overCeiling, lineAmount(above, quantity, 'half-up'));
}

function near(name: string, stated: Money, computed: Money): BrokenRelation[] {
  const apart = subtractMoney(stated, computed);
  return (apart < 0n ? -apart : apart) <= TOLERANCE ? [] : [{ name, stated, computed }];
}
