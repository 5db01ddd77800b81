import type { Product } from '#core/domain/product';
import { parseQuantity, parseUnitPrice, price, type Quantity, quantity, type UnitPrice } from '#core/money';
import type { ColumnId } from './columns.ts';
import { codeProblem, gtinHolds, parseDay, plainCode, refuse, remembered } from './fields.ts';
import type { Row } from './row-cells.ts';

const HIGHEST_PRICE = price('9999999');
const MOST_UNITS = quantity('1000000');
const LONGEST = { code: 64, aliases: 500, spelling: 200, unit: 20 } as const;
const priceOf = remembered(parseUnitPrice);
const unitsOf = remembered(parseQuantity);

/** An amount of yuan above zero; undefined when the cell is empty or refused. */
export function readAmount(row: Row, column: ColumnId): UnitPrice | undefined {
  const text = plainCode(row.text(column));
  if (text === '') return undefined;
  const parsed = /^\d+(\.\d+)?$/.test(text) ? priceOf(text) : undefined;
  if (parsed?.ok && parsed.value > 0n && parsed.value <= HIGHEST_PRICE) return parsed.value;
  row.refuse(column, refuse('应为大于 0 的金额，如 12.50', 'must be an amount above 0, for example 12.50'));
  return undefined;
}

/** 本位码, 别名, 拼音码, 五笔码, 追溯码前缀. */
export function readCodes(row: Row): Partial<Product> {
  const standardCode = readStandardCode(row);
  const aliases = row.optional('aliases', LONGEST.aliases);
  const pinyin = row.optional('pinyin', LONGEST.spelling);
  const wubi = row.optional('wubi', LONGEST.spelling);
  const tracePrefix = readTracePrefix(row);
  return {
    ...(standardCode === undefined ? {} : { standardCode }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(pinyin === undefined ? {} : { pinyin }),
    ...(wubi === undefined ? {} : { wubi }),
    ...(tracePrefix === undefined ? {} : { tracePrefix }),
  };
}

/** Fourteen digits; the last one is a check digit with the weights 3, 1, 3 … as in a GTIN-14. */
function readStandardCode(row: Row): string | undefined {
  const code = row.code('standardCode', LONGEST.code);
  if (code === undefined || codeProblem(code, LONGEST.code) !== undefined) return code;
  if (!/^\d{14}$/.test(code)) {
    row.refuse('standardCode', refuse('本位码应为 14 位数字', 'must be fourteen digits'));
  } else if (!gtinHolds(code)) {
    row.refuse('standardCode', refuse('本位码校验位不对', 'its check digit is wrong'));
  }
  return code;
}

/** Seven digits; of a whole trace code (追溯码, 20 digits) the first seven are kept, the rest names one pack. */
function readTracePrefix(row: Row): string | undefined {
  const code = row.code('tracePrefix', LONGEST.code);
  if (code === undefined || codeProblem(code, LONGEST.code) !== undefined) return code;
  if (!/^(\d{7}|\d{20})$/.test(code)) {
    const words = refuse('应为追溯码的前 7 位数字，或完整的 20 位', 'must be the first 7 digits, or all 20');
    row.refuse('tracePrefix', words);
  }
  return code.slice(0, 7);
}

/** Split sale (拆零): units and their name both or neither; a price of the unit only with them. */
export function readSplit(row: Row, packPrice: UnitPrice): Partial<Product> {
  const unitsPerPack = readUnits(row);
  const smallestUnit = row.optional('smallestUnit', LONGEST.unit);
  const smallestUnitPrice = readAmount(row, 'smallestUnitPrice');
  const stated = row.text('unitsPerPack') !== '';
  if (stated !== (smallestUnit !== undefined)) {
    const words = refuse(
      '拆零数量和最小单位要么都填，要么都不填',
      'units per pack and their name: both or neither',
    );
    row.refuse(stated ? 'smallestUnit' : 'unitsPerPack', words);
  }
  if (row.text('smallestUnitPrice') !== '' && !stated) {
    row.refuse('smallestUnitPrice', refuse('有拆零价就要有拆零数量', 'needs the units per pack'));
  }
  if (unitsPerPack === undefined || smallestUnit === undefined) return {};
  if (smallestUnitPrice !== undefined && smallestUnitPrice * unitsPerPack > packPrice * ONE) {
    row.warn(
      'smallestUnitPrice',
      refuse('拆零合计高于整包装价', 'a pack sold in pieces costs more than a pack'),
    );
  }
  return { unitsPerPack, smallestUnit, ...(smallestUnitPrice === undefined ? {} : { smallestUnitPrice }) };
}

const ONE = quantity('1');

function readUnits(row: Row): Quantity | undefined {
  const text = plainCode(row.text('unitsPerPack'));
  if (text === '') return undefined;
  const parsed = unitsOf(text);
  if (parsed.ok && parsed.value > 0n && parsed.value <= MOST_UNITS) return parsed.value;
  row.refuse('unitsPerPack', refuse('应为大于 0 的数', 'must be a number above 0'));
  return undefined;
}

/** 带量采购: a price with the day from which it holds; the last day may be open. */
export function readProcured(row: Row): Partial<Product> {
  const amount = readAmount(row, 'procuredPrice');
  const from = readDay(row, 'procuredFrom');
  const to = readDay(row, 'procuredTo');
  const priced = row.text('procuredPrice') !== '';
  const dated = row.text('procuredFrom') !== '';
  if (priced && !dated) {
    row.refuse('procuredFrom', refuse('有带量采购价就要有开始日期', 'a procured price needs its first day'));
  }
  if (!priced && (dated || row.text('procuredTo') !== '')) {
    row.refuse('procuredPrice', refuse('有带量采购日期就要有价格', 'procured days need their price'));
  }
  if (from !== undefined && to !== undefined && to < from) {
    row.refuse('procuredTo', refuse('结束日期早于开始日期', 'ends before it begins'));
  }
  if (amount === undefined || from === undefined) return {};
  return { procured: { price: amount, from, ...(to === undefined ? {} : { to }) } };
}

function readDay(row: Row, column: ColumnId): string | undefined {
  const text = row.text(column);
  if (text === '') return undefined;
  const day = parseDay(text);
  if (day === undefined)
    row.refuse(column, refuse('应为日期，如 2026-01-31', 'must be a day such as 2026-01-31'));
  return day;
}
