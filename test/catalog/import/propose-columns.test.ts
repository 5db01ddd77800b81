import { describe, expect, test } from 'vitest';
import { columnMapText, parseColumnMap } from '#catalog/import/column-map-file';
import { reportColumns } from '#catalog/import/propose-columns';
import { readAnyList, readList } from '#catalog/import/read-list';
import type { Product } from '#core/domain/product';
import { price } from '#core/money';
import { workbook } from './workbook-file.ts';

/** The list of another program: its own words, columns nobody needs, one header that says nothing. */
const foreign = [
  [
    '货号',
    '品名',
    '品牌',
    '剂型名称',
    '包装规格',
    '生产厂商',
    '字段7',
    '69码',
    '计量单位',
    '零售价(元)',
    '医保分类',
    '个人自付比例',
    '字段13',
    '供应商',
    '进价',
  ],
  [
    'K001',
    '阿莫西林胶囊',
    '',
    '胶囊',
    '0.25g×24粒',
    '示例制药有限公司',
    '国药准字H20990001',
    '6909901000017',
    '盒',
    '15.80',
    '甲',
    '0',
    'XJ01CAA040E001010199001',
    '示例医药',
    '9.10',
  ],
  [
    'K002',
    '布洛芬片',
    '示康',
    '片',
    '0.1g×20片',
    '样本药业',
    '国药准字H20990002',
    '6909901000024',
    '瓶',
    '8.50',
    '乙',
    '0.1',
    'XM01AEB170A001010199002',
    '样本医药',
    '4.20',
  ],
];

function bytesOf(rows: readonly (readonly string[])[]): Uint8Array {
  return new TextEncoder().encode(rows.map((row) => row.join('\t')).join('\n'));
}

const confirmed = {
  货号: 'shop_code',
  品名: 'generic_name',
  品牌: 'trade_name',
  剂型名称: 'form',
  包装规格: 'specification',
  生产厂商: 'maker',
  字段7: 'approval_number',
  '69码': 'barcode',
  计量单位: 'pack_unit',
  '零售价(元)': 'price',
  医保分类: 'insurance_class',
  个人自付比例: 'first_self_pay',
  字段13: 'national_code',
  供应商: '-',
  进价: '-',
};

describe('columns of another program', () => {
  test('are proposed by their words and by what their cells look like, with samples', async () => {
    const { columns, missing } = await reportColumns(bytesOf(foreign));
    const found = Object.fromEntries(columns.map(({ header, column }) => [header, column]));
    expect(found).toMatchObject({ ...confirmed, 供应商: undefined, 进价: undefined });
    expect(missing).toEqual([]);
    expect(columns.find(({ header }) => header === '字段7')).toMatchObject({
      column: 'approval_number',
      confidence: 650,
      samples: ['国药准字H20990001', '国药准字H20990002'],
    });
    const money = columns.filter((column) => column.money).map(({ column }) => column);
    expect(money.sort()).toEqual(['first_self_pay', 'insurance_class', 'price']);
  });

  test('are never taken on a guess: the list is refused with the proposal, and nothing is imported', () => {
    const products: Product[] = [];
    const report = readList(bytesOf(foreign), (product) => products.push(product));
    expect(report.fault?.code).toBe('catalog-source-columns');
    expect(report.proposal?.find(({ header }) => header === '零售价(元)')).toMatchObject({
      column: 'price',
      money: true,
    });
    expect(products).toEqual([]);
  });

  test('are taken as a person confirmed them', async () => {
    const products: Product[] = [];
    const report = await readAnyList(bytesOf(foreign), (product) => products.push(product), {
      columns: confirmed,
    });
    expect(report).toMatchObject({
      products: 2,
      errorCount: 0,
      confirmed: { header: foreign[0], columns: confirmed },
    });
    expect(products[1]).toMatchObject({
      shopCode: 'K002',
      price: price('8.50'),
      insuranceClass: 'B',
      maker: '样本药业',
    });
  });

  test('are remembered for the same header only', async () => {
    const known = [{ header: foreign[0] ?? [], columns: confirmed }];
    expect((await readAnyList(bytesOf(foreign), () => {}, { known })).products).toBe(2);
    const other = foreign.map((row, at) =>
      row.map((cell) => (at === 0 && cell === '进价' ? '零售价2' : cell)),
    );
    expect((await readAnyList(bytesOf(other), () => {}, { known })).fault?.code).toBe(
      'catalog-source-columns',
    );
  });

  test('of a workbook are proposed the same way', async () => {
    const report = await reportColumns(workbook({ name: '导出', rows: [['某某系统导出'], ...foreign] }));
    expect(report.sheet).toBe('导出');
    expect(report.columns.find(({ header }) => header === '字段13')?.column).toBe('national_code');
  });

  test('whose words and cells disagree are doubted', async () => {
    const rows = [
      ['医保编码', '条码号'],
      ...Array.from({ length: 5 }, (_, at) => [`X${at}`, `国药准字H2099000${at}`]),
    ];
    const { columns } = await reportColumns(bytesOf(rows));
    expect(columns[1]).toMatchObject({ column: 'approval_number', confidence: 650 });
  });

  test('that say nothing are asked for, required ones by name', async () => {
    const { columns, missing } = await reportColumns(
      bytesOf([
        ['甲', '乙'],
        ['?', '!'],
      ]),
    );
    expect(columns.map(({ column }) => column)).toEqual([undefined, undefined]);
    expect(missing).toContain('price');
  });
});

describe('a map of columns', () => {
  test('is written for what is not documented and read back once it is decided', async () => {
    const report = await reportColumns(bytesOf(foreign));
    const text = columnMapText(report, false);
    expect(text).toContain('"零售价(元)" = "price"');
    expect(text).toContain('请核对金额');
    expect(parseColumnMap(text)).toMatchObject({ ok: false, error: { code: 'catalog-columns-invalid' } });
    expect(parseColumnMap(columnMapText(report, true))).toEqual({ ok: true, value: confirmed });
  });

  test('may be JSON', () => {
    expect(parseColumnMap('{"columns":{"价":"price","x":"-"}}')).toEqual({
      ok: true,
      value: { 价: 'price', x: '-' },
    });
  });

  test.each([
    ['[columns]\n"价" = "prise"', 'no column "prise"'],
    ['[columns]\n"价" = 3', 'expected string'],
    ['[columns]\n"价" = "?"', 'not decided'],
    ['[colums]\n', ''],
    ['{', ''],
    ['', ''],
  ])('with an error is refused with its place: %s', (text, detail) => {
    const parsed = parseColumnMap(text);
    expect(parsed).toMatchObject({
      ok: false,
      error: { code: 'catalog-columns-invalid', detail: expect.stringContaining(detail) },
    });
  });
});
