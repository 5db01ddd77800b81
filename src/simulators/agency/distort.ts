import { isObject, type JsonObject, numberText, scaledFrom, wireNumber } from './wire.ts';

/** Money relations of section 11 that an answer can be made to break, by their number. */
export const breakableRelations = ['1', '2', '3', '4', '6', '9', '10', '12', '14'] as const;
export type BreakableRelation = (typeof breakableRelations)[number];

type Change = readonly [node: 'setlinfo' | 'setldetail' | 'detlcutinfo', field: string, fen: bigint];

/** Each list moves the least that breaks its relation and leaves the others of the table alone. */
const changes: Readonly<Record<BreakableRelation, readonly Change[]>> = {
  '1': [
    ['setlinfo', 'inscp_scp_amt', 1n],
    ['detlcutinfo', 'inscp_scp_amt', 1n],
    ['detlcutinfo', 'det_item_fee_sumamt', 1n],
  ],
  '2': [
    ['setlinfo', 'psn_part_amt', 1n],
    ['setlinfo', 'psn_pay', 1n],
    ['setlinfo', 'psn_cash_pay', 1n],
    ['setlinfo', 'cash_payamt', 1n],
  ],
  '3': [
    ['setlinfo', 'psn_cash_pay', 1n],
    ['setlinfo', 'cash_payamt', 1n],
  ],
  '4': [['setlinfo', 'hifp_pay', 1n]],
  '6': [['setldetail', 'fund_payamt', 1n]],
  '9': [['setlinfo', 'balc', 1n]],
  '10': [['detlcutinfo', 'det_item_fee_sumamt', 1n]],
  // Two fen, because regions tolerate one; towards in-scope, so that the deductible still fits into it.
  '12': [
    ['setlinfo', 'preselfpay_amt', -2n],
    ['setlinfo', 'inscp_scp_amt', 2n],
    ['detlcutinfo', 'preselfpay_amt', -2n],
    ['detlcutinfo', 'inscp_scp_amt', 2n],
  ],
  '14': [
    ['detlcutinfo', 'preselfpay_amt', 1n],
    ['detlcutinfo', 'inscp_scp_amt', -1n],
  ],
};

/** A copy of a settlement's output with one relation broken by a fen or two; what was booked stays right. */
export function breakRelation(output: JsonObject, relation: BreakableRelation): JsonObject {
  let broken = output;
  for (const [node, field, fen] of changes[relation]) broken = shift(broken, node, field, fen);
  return broken;
}

function shift(output: JsonObject, node: string, field: string, fen: bigint): JsonObject {
  const value = output[node];
  if (Array.isArray(value)) {
    const [first, ...rest]: unknown[] = value;
    return isObject(first) ? { ...output, [node]: [moved(first, field, fen), ...rest] } : output;
  }
  return isObject(value) ? { ...output, [node]: moved(value, field, fen) } : output;
}

function moved(row: JsonObject, field: string, fen: bigint): JsonObject {
  const source = numberText(row[field]);
  const amount = source === undefined ? undefined : scaledFrom(source, 2);
  return amount === undefined ? row : { ...row, [field]: wireNumber(amount + fen, 2) };
}
