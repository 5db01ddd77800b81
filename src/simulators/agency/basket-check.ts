import { assert } from '#core/assert';
import type { Fields, Violation } from './fields.ts';
import type { CheckedRequest } from './request.ts';
import { halfUp, scaledFrom } from './wire.ts';

/** A line of the basket in whole numbers: fen, 10⁻⁴ pieces, 10⁻⁶ yuan. */
export interface BasketRow {
  readonly serial: string;
  readonly nationalCode: string;
  readonly amount: bigint;
  readonly count: bigint;
  readonly unitPrice: bigint;
}

/** Reads the rows of a checked 2101 or 2102. */
export function basketRows(request: CheckedRequest): BasketRow[] {
  return (request.lists['drugdetail'] ?? []).map((row) => ({
    serial: need(row, 'feedetl_sn'),
    nationalCode: need(row, 'med_list_codg'),
    amount: scaled(row, 'det_item_fee_sumamt', 2),
    count: scaled(row, 'cnt', 4),
    unitPrice: scaled(row, 'pric', 6),
  }));
}

/** Sums of a basket: line = round(cnt × pric) (relation 11), total = Σ lines, serial numbers unique. */
export function checkBasket(request: CheckedRequest): Violation[] {
  const violations: Violation[] = [];
  const serials = new Set<string>();
  let total = 0n;
  for (const [index, row] of basketRows(request).entries()) {
    const at = `drugdetail[${index}]`;
    if (row.count <= 0n) violations.push({ field: `${at}.cnt`, text: '数量应大于0' });
    if (row.unitPrice < 0n) violations.push({ field: `${at}.pric`, text: '单价不能为负' });
    if (row.amount !== halfUp(row.count * row.unitPrice, 100_000_000n))
      violations.push({ field: `${at}.det_item_fee_sumamt`, text: '不等于数量乘以单价' });
    if (serials.has(row.serial)) violations.push({ field: `${at}.feedetl_sn`, text: '明细流水号重复' });
    serials.add(row.serial);
    total += row.amount;
  }
  if (total !== scaled(request.nodes['druginfo'] ?? {}, 'medfee_sumamt', 2))
    violations.push({ field: 'druginfo.medfee_sumamt', text: '不等于明细合计' });
  return violations;
}

/** A field that its table requires. */
export function need(fields: Fields, name: string): string {
  const value = fields[name];
  assert(value !== undefined, `the table of the checked node requires ${name}`);
  return value;
}

/** A required number in whole 10⁻places, as its table allows. */
export function scaled(fields: Fields, name: string, places: number): bigint {
  const value = scaledFrom(need(fields, name), places);
  assert(value !== undefined, `${name} was checked to have at most ${places} decimals`);
  return value;
}
