import type { Product } from '#core/domain/product';
import {
  parseQuantity,
  parseRatio,
  price,
  type Quantity,
  type Ratio,
  ratio,
  type UnitPrice,
} from '#core/money';
import type { RowProblem } from '#core/ports/catalog-store';
import type { Layout } from './columns.ts';
import {
  gtinHolds,
  parseCategory,
  parseClass,
  parsePrescription,
  plainCode,
  plainRatio,
  refuse,
  remembered,
} from './fields.ts';
import { Row } from './row-cells.ts';
import { readAmount, readCodes, readProcured, readSplit } from './row-further.ts';

/** Longest codes of the interface (tables 3.2 and 4.2.2): national 50, shop 150 characters. */
const LONGEST = { nationalCode: 50, shopCode: 150, barcode: 64, name: 200, word: 60, remark: 2000 } as const;
const quantityOf = remembered(parseQuantity);
const ratioOf = remembered((text) => parseRatio(plainRatio(text)));
const noRatio = ratio('0');
const wholeShare = ratio('1');

/** What became of one row: a product when there is no error. */
export interface CheckedRow {
  readonly product: Product | undefined;
  readonly errors: readonly RowProblem[];
  readonly warnings: readonly RowProblem[];
}

/** Checks one row of the list and makes it a product; every fault of the row is named with its column. */
export function checkRow(fields: readonly string[], layout: Layout, line: number): CheckedRow {
  const row = new Row(fields, layout, line);
  const product = readProduct(row);
  return {
    product: row.errors.length === 0 ? product : undefined,
    errors: row.errors,
    warnings: row.warnings,
  };
}

function readProduct(row: Row): Product {
  const insuranceClass = readClass(row);
  const nationalCode = row.code('nationalCode', LONGEST.nationalCode)?.toUpperCase();
  const barcode = row.code('barcode', LONGEST.barcode);
  const unitPrice = readPrice(row) ?? price('0');
  const ceiling = readAmount(row, 'ceiling');
  const tradeName = row.optional('tradeName', LONGEST.name);
  const approvalNumber = row.optional('approvalNumber', LONGEST.word);
  const stock = readStock(row);
  const remark = row.optional('remark', LONGEST.remark);
  warn(row, { insuranceClass, nationalCode, barcode, unitPrice, ceiling });
  return {
    shopCode: row.code('shopCode', LONGEST.shopCode, true) ?? '',
    ...(nationalCode === undefined ? {} : { nationalCode }),
    genericName: row.required('genericName', LONGEST.name),
    ...(tradeName === undefined ? {} : { tradeName }),
    form: row.required('form', LONGEST.word),
    specification: row.required('specification', LONGEST.name),
    maker: row.required('maker', LONGEST.name),
    ...(approvalNumber === undefined ? {} : { approvalNumber }),
    ...(barcode === undefined ? {} : { barcode }),
    packUnit: row.required('packUnit', 20),
    price: unitPrice,
    insuranceClass: insuranceClass ?? 'C',
    firstSelfPayRatio: readRatio(row, insuranceClass),
    ...(ceiling === undefined ? {} : { ceiling }),
    category: row.choice('category', parseCategory, 'drug'),
    prescriptionOnly: row.choice('prescription', parsePrescription, false),
    ...(stock === undefined ? {} : { stock }),
    ...(remark === undefined ? {} : { remark }),
    ...readCodes(row),
    ...readSplit(row, unitPrice),
    ...readProcured(row),
  };
}

function readClass(row: Row): Product['insuranceClass'] | undefined {
  const parsed = parseClass(row.text('insuranceClass'));
  if (parsed !== undefined) return parsed;
  row.refuse('insuranceClass', refuse('应为 甲、乙 或 丙', 'must be 甲, 乙 or 丙 (A, B, C)'));
  return undefined;
}

/** First self-pay share: must be given for 乙, nothing or 0 for 甲, nothing or 1 for 丙 (interface class 03). */
function readRatio(row: Row, insuranceClass: Product['insuranceClass'] | undefined): Ratio {
  // Without a class there is nothing to hold the ratio against; the class is refused already.
  if (insuranceClass === undefined) return wholeShare;
  const text = row.text('firstSelfPay');
  const fixed = insuranceClass === 'A' ? noRatio : wholeShare;
  if (text === '') {
    if (insuranceClass === 'B')
      row.refuse('firstSelfPay', refuse('乙类必须填写', 'must be given for class 乙'));
    return fixed;
  }
  const parsed = ratioOf(text);
  if (!parsed.ok) {
    row.refuse(
      'firstSelfPay',
      refuse('应为 0 到 1 之间的小数，如 0.1', 'must be from 0 to 1, for example 0.1'),
    );
    return fixed;
  }
  if (insuranceClass === 'B') return parsed.value;
  if (parsed.value !== fixed) {
    row.refuse(
      'firstSelfPay',
      insuranceClass === 'A'
        ? refuse('甲类应为 0', 'must be 0 for 甲')
        : refuse('丙类应为 1', 'must be 1 for 丙'),
    );
  }
  return fixed;
}

function readPrice(row: Row): UnitPrice | undefined {
  if (row.text('price') === '') row.refuse('price', refuse('不能为空', 'must not be empty'));
  return readAmount(row, 'price');
}

function readStock(row: Row): Quantity | undefined {
  const text = plainCode(row.text('stock'));
  if (text === '') return undefined;
  const parsed = quantityOf(text);
  if (parsed.ok && parsed.value >= 0n) return parsed.value;
  row.refuse('stock', refuse('应为 0 或更大的数', 'must be zero or more'));
  return undefined;
}

interface Weighed {
  readonly insuranceClass: Product['insuranceClass'] | undefined;
  readonly nationalCode: string | undefined;
  readonly barcode: string | undefined;
  readonly unitPrice: UnitPrice;
  readonly ceiling: UnitPrice | undefined;
}

function warn(row: Row, facts: Weighed): void {
  if (facts.nationalCode === undefined && facts.insuranceClass !== 'C') {
    row.warn('nationalCode', refuse('没有国家医保编码，将按自费销售', 'no national code: sold as own pay'));
  }
  if (facts.barcode !== undefined && !gtinHolds(facts.barcode)) {
    row.warn('barcode', refuse('条码校验位不对', 'the check digit of the barcode is wrong'));
  }
  if (facts.ceiling !== undefined && facts.unitPrice > facts.ceiling) {
    row.warn('price', refuse('零售价高于医保支付上限', 'the price is above the ceiling'));
  }
}
