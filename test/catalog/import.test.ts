import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { readList } from '#catalog/import/read-list';
import type { Product } from '#core/domain/product';
import { price, quantity, ratio } from '#core/money';

const columns = [
  '店内码',
  '国家医保编码',
  '通用名',
  '商品名',
  '剂型',
  '规格',
  '生产企业',
  '条码',
  '单位',
  '零售价',
  '医保类别',
  '先行自付比例',
  '医保支付上限',
  '处方药',
  '库存',
];
const good = [
  'A1',
  'XN02',
  '对乙酰氨基酚片',
  '示康',
  '片剂',
  '0.5g×12片',
  '示例制药',
  '6909901000017',
  '盒',
  '12.50',
  '乙',
  '10%',
  '11',
  '是',
  '7.5',
];

function tsv(...rows: string[][]): string {
  return [columns, ...rows].map((row) => row.join('\t')).join('\n');
}

function withCell(column: string, value: string, shopCode = 'A1'): string[] {
  return good.map((cell, index) => {
    if (columns[index] === column) return value;
    return index === 0 ? shopCode : cell;
  });
}

function read(text: string | Uint8Array) {
  const products: Product[] = [];
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { report: readList(bytes, (product) => products.push(product)), products };
}

describe('a good list', () => {
  const whole: Product = {
    shopCode: 'A1',
    nationalCode: 'XN02',
    genericName: '对乙酰氨基酚片',
    tradeName: '示康',
    form: '片剂',
    specification: '0.5g×12片',
    maker: '示例制药',
    barcode: '6909901000017',
    packUnit: '盒',
    price: price('12.50'),
    insuranceClass: 'B',
    firstSelfPayRatio: ratio('0.10'),
    ceiling: price('11'),
    category: 'drug',
    prescriptionOnly: true,
    stock: quantity('7.5'),
  };

  test.each([
    ['UTF-8', new TextEncoder().encode(tsv(good))],
    [
      'UTF-8 with byte order mark and CRLF',
      new TextEncoder().encode(`\uFEFF${tsv(good).replaceAll('\n', '\r\n')}\r\n`),
    ],
    ['GB18030', iconv.encode(tsv(good), 'gb18030')],
    ['comments before the header', new TextEncoder().encode(`# 说明\n\n${tsv(good)}`)],
    [
      'commas and quotes',
      new TextEncoder().encode(tsv(good).replaceAll('\t', ',').replace('示康', '"示康"')),
    ],
    ['CR line ends', new TextEncoder().encode(tsv(good).replaceAll('\n', '\r'))],
  ])('is read from %s', (_, bytes) => {
    const { report, products } = read(bytes);
    expect(report).toMatchObject({ rowsRead: 1, products: 1, errorCount: 0 });
    expect(products).toEqual([whole]);
  });

  test('may have English headers in another order and a column that is left out with #', () => {
    const head =
      'price,#internal,shop_code,generic_name,form,specification,maker,pack_unit,insurance_class,first_self_pay';
    const { report, products } = read(`${head}\n3.5,x,B2,"枸橼酸, ""铋""钾",颗粒剂,1g,示例制药,盒,甲,\n`);
    expect(report.errorCount).toBe(0);
    expect(products).toMatchObject([
      { genericName: '枸橼酸, "铋"钾', firstSelfPayRatio: 0n, prescriptionOnly: false },
    ]);
    expect(report.warnings).toMatchObject([{ line: 2, column: 'national_code' }]);
  });

  test('warns of a price above the ceiling and a wrong check digit without stopping', () => {
    const { report } = read(tsv(withCell('条码', '6909901000018')));
    expect(report.fault).toBe(undefined);
    expect(report.warnings.map((warning) => warning.column)).toEqual(['条码', '零售价']);
  });

  test('lets two packs share a barcode', () => {
    expect(read(tsv(good, withCell('零售价', '9', 'A2'))).report).toMatchObject({
      products: 2,
      errorCount: 0,
    });
  });
});

describe('a bad row is named by line, column and reason, and nothing is imported', () => {
  test.each([
    ['店内码', '', '不能为空'],
    ['店内码', 'A 1', '只能是字母'],
    ['条码', '6.9099E+12', '科学计数'],
    ['国家医保编码', '医保', '只能是字母'],
    ['通用名', '', '不能为空'],
    ['通用名', '闃胯帿瑗挎灄鑳跺泭', '乱码'],
    ['生产企业', 'Ê¾ÀýÖÆÒ©', '乱码'],
    ['零售价', '', '不能为空'],
    ['零售价', '0', '大于 0'],
    ['零售价', '-3', '大于 0'],
    ['零售价', '12,50', '大于 0'],
    ['零售价', '1e3', '大于 0'],
    ['零售价', '1.1234567', '大于 0'],
    ['零售价', '99999999', '大于 0'],
    ['医保类别', '丁', '甲、乙'],
    ['先行自付比例', '', '必须填写'],
    ['先行自付比例', '10', '0 到 1'],
    ['先行自付比例', '101%', '0 到 1'],
    ['医保支付上限', '无', '大于 0'],
    ['处方药', '也许', '不认识'],
    ['库存', '-1', '0 或更大'],
  ])('%s = "%s"', (column, value, reason) => {
    const { report, products } = read(tsv(good, withCell(column, value, 'A2')));
    expect(report.fault?.code).toBe('catalog-source-rows');
    expect(report.products).toBe(0);
    expect(report.errors).toHaveLength(1);
    expect(report.errors[0]).toMatchObject({ line: 3, column, zh: expect.stringContaining(reason) });
    expect(products).toHaveLength(1);
  });

  test('with the ratio of another class', () => {
    const first = withCell('医保类别', '甲', 'A2');
    const second = withCell('医保类别', '丙', 'A3');
    expect(read(tsv(first, second)).report.errors.map((error) => [error.line, error.zh])).toEqual([
      [2, '甲类应为 0'],
      [3, '丙类应为 1'],
    ]);
  });

  test('with a shop code that came before, whatever its case', () => {
    const { report } = read(tsv(good, withCell('零售价', '1', 'B1'), withCell('零售价', '1', 'a1')));
    expect(report.errors).toMatchObject([{ line: 4, column: '店内码', zh: '店内码与第 2 行重复' }]);
  });

  test('with too many cells or unpaired quotes, and reading goes on behind it', () => {
    const { report } = read(
      `${tsv(good, [...good, '多', '余'])}\nA3\t"开头没有结尾\n${withCell('零售价', 'x', 'A4').join('\t')}`,
    );
    expect(report.errors.map((error) => [error.line, error.column])).toEqual([
      [3, undefined],
      [4, undefined],
      [5, '零售价'],
    ]);
  });

  test('counts lines right behind a cell with line ends', () => {
    const multi = withCell('规格', '"两\n行"', 'A1').join('\t');
    const { report } = read(`${columns.join('\t')}\n${multi}\n${withCell('零售价', 'x', 'A2').join('\t')}`);
    expect(report.errors.map((error) => error.line)).toEqual([2, 4]);
  });

  test('names every fault of a row and every bad row', () => {
    const bad = (shopCode: string) =>
      withCell('零售价', 'x', shopCode).map((cell) => (cell === '对乙酰氨基酚片' ? '' : cell));
    const { report } = read(tsv(...Array.from({ length: 300 }, (_, number) => bad(`B${number}`))));
    expect(report.errorCount).toBe(600);
    expect(new Set(report.errors.map((error) => error.line)).size).toBe(300);
  });
});

describe('a file is refused as a whole', () => {
  const text = tsv(good, withCell('通用名', '阿莫西林克拉维酸钾片', 'A2'));
  test.each([
    ['UTF-16', iconv.encode(text, 'utf16le', { addBOM: true }), 'catalog-source-encoding'],
    ['a workbook', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), 'catalog-source-encoding'],
    ['binary data', Uint8Array.from([0x41, 0, 0x42]), 'catalog-source-encoding'],
    ['bytes of no encoding', Uint8Array.from([0x41, 0xff, 0xff, 0x42]), 'catalog-source-encoding'],
    [
      'replacement characters',
      new TextEncoder().encode(text.replace('片剂', '\uFFFD\uFFFD')),
      'catalog-source-encoding',
    ],
    ['UTF-8 stored as GBK', mojibake(text), 'catalog-source-encoding'],
    ['a cut UTF-8 word', withCutWord(text), 'catalog-source-encoding'],
    ['nothing', new Uint8Array(), 'catalog-source-empty'],
    ['comments only', new TextEncoder().encode('# 说明\n'), 'catalog-source-empty'],
    ['a header only', new TextEncoder().encode(tsv()), 'catalog-source-empty'],
    [
      'a missing column',
      new TextEncoder().encode(text.replace('零售价', '#零售价')),
      'catalog-source-columns',
    ],
    [
      'a misspelt column',
      new TextEncoder().encode(text.replace('医保支付上限', '医保支付上線')),
      'catalog-source-columns',
    ],
    [
      'a column twice',
      new TextEncoder().encode(text.replace('商品名', '通用名称')),
      'catalog-source-columns',
    ],
  ])('with %s', (_, bytes, code) => {
    const { report, products } = read(bytes);
    expect(report.fault?.code).toBe(code);
    expect(products).toEqual([]);
  });

  test('and a missing column is named', () => {
    const { report } = read(text.replace('零售价', '#零售价'));
    expect(report.errors).toEqual([
      { line: 1, column: '零售价', zh: '缺少必需的列', en: 'required column price is missing' },
    ]);
  });
});

/** UTF-8 bytes read as GBK and stored as UTF-8, lossless where the pairs fit. */
function mojibake(text: string): Uint8Array {
  const lines = text.split('\n').map((line) =>
    line
      .split('\t')
      .map((cell) => iconv.decode(Buffer.from(cell, 'utf8'), 'gb18030').replaceAll('\uFFFD', ''))
      .join('\t'),
  );
  return new TextEncoder().encode(lines.join('\n'));
}

function withCutWord(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  const at = bytes.indexOf(Buffer.from('阿莫西林', 'utf8')) + 1;
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
}
