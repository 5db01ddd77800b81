import type { Product } from '#core/domain/product';
import { price, quantity, ratio } from '#core/money';

/** Every column of the list, one header each, with a product that fills them all. */
export const wholeRow: readonly (readonly [header: string, cell: string])[] = [
  ['店内码', 'A1'],
  ['国家医保编码', 'XN02BEZ001A001010199001'],
  ['通用名', '对乙酰氨基酚片'],
  ['商品名', '示康'],
  ['剂型', '片剂'],
  ['规格', '0.5g×12片'],
  ['生产企业', '示例制药'],
  ['批准文号', '国药准字H20990001'],
  ['条码', '6909901000017'],
  ['单位', '盒'],
  ['零售价', '12.50'],
  ['医保类别', '乙'],
  ['先行自付比例', '10%'],
  ['医保支付上限', '13'],
  ['类别', '药品'],
  ['处方药', '是'],
  ['库存', '7.5'],
  ['备注', '限二线用药'],
  ['本位码', '86990100000010'],
  ['别名', '扑热息痛、醋氨酚'],
  ['拼音码', 'DYXAJFP'],
  ['五笔码', 'CNSPQSTHG'],
  ['追溯码前缀', '8199001'],
  ['拆零数量', '12'],
  ['最小单位', '片'],
  ['拆零价', '1.04'],
  ['带量采购价', '11.80'],
  ['带量采购开始日期', '2026-01-01'],
  ['带量采购结束日期', '2027年12月31日'],
];

export const wholeProduct: Product = {
  shopCode: 'A1',
  nationalCode: 'XN02BEZ001A001010199001',
  genericName: '对乙酰氨基酚片',
  tradeName: '示康',
  form: '片剂',
  specification: '0.5g×12片',
  maker: '示例制药',
  approvalNumber: '国药准字H20990001',
  barcode: '6909901000017',
  packUnit: '盒',
  price: price('12.50'),
  insuranceClass: 'B',
  firstSelfPayRatio: ratio('0.10'),
  ceiling: price('13'),
  category: 'drug',
  prescriptionOnly: true,
  stock: quantity('7.5'),
  remark: '限二线用药',
  standardCode: '86990100000010',
  aliases: '扑热息痛、醋氨酚',
  pinyin: 'DYXAJFP',
  wubi: 'CNSPQSTHG',
  tracePrefix: '8199001',
  unitsPerPack: quantity('12'),
  smallestUnit: '片',
  smallestUnitPrice: price('1.04'),
  procured: { price: price('11.80'), from: '2026-01-01', to: '2027-12-31' },
};

export const headers = wholeRow.map(([header]) => header);
export const cells = wholeRow.map(([, cell]) => cell);

/** The row with some cells changed by header. */
export function rowWith(change: Readonly<Record<string, string>>): string[] {
  return wholeRow.map(([header, cell]) => change[header] ?? cell);
}

export function tsv(...rows: readonly (readonly string[])[]): Uint8Array {
  return new TextEncoder().encode([headers, ...rows].map((row) => row.join('\t')).join('\n'));
}
