import { businessDateTime } from '#core/business-time';
import type { Product } from '#core/domain/product';
import { formatRatio, formatUnitPrice, type UnitPrice } from '#core/money';
import type { PriceChange } from '#core/ports/catalog-store';
import type { DayPrice } from './day-prices.ts';
import { procuredPriceOn } from './notices.ts';

/** Rows of a table for inspection, the header first; the writer of CSV puts them into a file. */
export type TableRow = readonly string[];

const CLASSES: Readonly<Record<Product['insuranceClass'], string>> = { A: '甲', B: '乙', C: '丙' };

/**
 * The day's prices for an inspector (B5), with the insurance facts of that day; a product that has left the list
 * since has only its price.
 */
export function* dayPriceTable(prices: Iterable<DayPrice>, day: string): Generator<TableRow> {
  yield [
    '日期',
    '店内码',
    '国家医保编码',
    '通用名',
    '商品名',
    '规格',
    '生产企业',
    '单位',
    '零售价',
    '当日调价前',
    '医保类别',
    '先行自付比例',
    '医保支付上限',
    '带量采购价',
  ];
  for (const row of prices) {
    const { product } = row;
    yield [
      day,
      row.shopCode,
      product?.nationalCode ?? '',
      row.genericName,
      product?.tradeName ?? '',
      row.specification,
      row.maker,
      row.packUnit,
      formatUnitPrice(row.price),
      amount(row.before),
      product === undefined ? '' : CLASSES[product.insuranceClass],
      product === undefined ? '' : formatRatio(product.firstSelfPayRatio),
      amount(product?.ceiling),
      amount(product === undefined ? undefined : procuredPriceOn(product, day)),
    ];
  }
}

/** The price log as a table, in its order. */
export function* priceLogTable(changes: Iterable<PriceChange>): Generator<TableRow> {
  yield ['时间', '店内码', '通用名', '规格', '生产企业', '单位', '原价', '新价', '目录版本'];
  for (const change of changes) {
    yield [
      businessDateTime(change.changedAtMs),
      change.shopCode,
      change.genericName,
      change.specification,
      change.maker,
      change.packUnit,
      amount(change.oldPrice),
      amount(change.newPrice),
      change.version,
    ];
  }
}

/** A line of CSV as spreadsheets read it; what they would take for a formula is kept as text. */
export function csvLine(row: TableRow): string {
  return `${row.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function amount(price: UnitPrice | undefined): string {
  return price === undefined ? '' : formatUnitPrice(price);
}
