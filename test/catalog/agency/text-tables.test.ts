import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { tableOfFile } from '#catalog/agency/table-of-file';
import { drug, drugs, line, read, zipped } from './agency-text.ts';

const examples = fileURLToPath(new URL('../../../catalog/examples/agency/', import.meta.url));

describe("a row of the agency's text tables, cells by the interface's numbers", () => {
  test('1301 becomes a drug with everything that the till uses of it', async () => {
    const [row] = (await read('1301', readFileSync(`${examples}1301.txt`))).rows;
    expect(row).toEqual({
      table: '1301',
      recordId: '1301000000000001',
      valid: true,
      version: 'F001_20250801000000_A',
      from: '2020-01-01',
      to: '2099-12-31',
      nationalCode: 'XJ01CAA999A001010109999',
      name: '阿莫西林示例片',
      tradeName: '示康林',
      aliases: '示例林',
      standardCode: '86999999000015',
      form: '片剂',
      listForm: '口服常释剂型',
      specification: '0.25g',
      packing: '0.25g×12片/板×2板 铝塑泡罩',
      unitsPerPack: '24',
      packUnit: '盒',
      smallestUnit: '片',
      maker: '示例制药一厂有限公司',
      approvalNumber: '国药准字H99990001',
      prescriptionOnly: true,
      insuranceClass: 'A',
      restriction: '限感染性疾病',
      remark: '示例备注',
      pinyin: 'AMXLSLP',
      wubi: 'BANQ',
    });
  });

  test('1301 of the edition with 97 columns is read alike; a compact date and `null` are understood', async () => {
    const [row] = (await read('1301', readFileSync(`${examples}1301-97.txt`))).rows;
    expect(row).toMatchObject({
      nationalCode: 'ZA01AAA9999010109999',
      from: '2021-03-01',
      prescriptionOnly: false,
      insuranceClass: 'B',
    });
    expect(row).not.toHaveProperty('to');
  });

  test('1302, 1303, 1305 and 1306 become items with name, unit, days and maker', async () => {
    const [piece] = (await read('1302', readFileSync(`${examples}1302.txt`))).rows;
    expect(piece).toMatchObject({
      table: '1302',
      nationalCode: 'T000099999',
      name: '示例甘草片',
      registeredName: '甘草（示例）',
      specification: '统货',
      restriction: '医保支付',
      from: '2021-01-01',
    });
    const [preparation] = (await read('1303', readFileSync(`${examples}1303.txt`))).rows;
    expect(preparation).toMatchObject({
      name: '示例清肺合剂',
      tradeName: '示例院内合剂',
      maker: '示例县人民医院',
      approvalNumber: '示药制字Z99990001',
      packUnit: '瓶',
      to: '2027-12-31',
    });
    const [service] = (await read('1305', readFileSync(`${examples}1305.txt`))).rows;
    expect(service).toMatchObject({
      nationalCode: '001101000010000',
      name: '普通门诊诊查费（示例）',
      packUnit: '次',
      restriction: '示例除外',
    });
    const [material] = (await read('1306', readFileSync(`${examples}1306.txt`))).rows;
    expect(material).toMatchObject({
      name: '医用示例纱布敷料',
      aliases: '敷料',
      specification: '10cm×10cm',
      unitsPerPack: '10',
      maker: '示例卫材厂',
      approvalNumber: '示械备99990001号',
    });
  });

  test('1307 and 1309 become diseases', async () => {
    expect((await read('1307', readFileSync(`${examples}1307.txt`))).rows).toMatchObject([
      { table: '1307', code: 'I10.x00x002', name: '高血压' },
    ]);
    expect((await read('1309', readFileSync(`${examples}1309.txt`))).rows).toMatchObject([
      { table: '1309', code: 'M03900', name: '高血压（示例）', region: '990100' },
    ]);
  });

  test('every shipped example passes, and its name tells its table', async () => {
    for (const name of readdirSync(examples)) {
      const table = tableOfFile(name);
      if (table === undefined) throw new Error(name);
      expect((await read(table, readFileSync(examples + name))).report, name).toMatchObject({
        rowsRead: 1,
        products: 1,
        errorCount: 0,
        warningCount: 0,
      });
    }
  });

  test('a withdrawn row and one held by the agency are given as not valid', async () => {
    const { rows } = await read('1301', `${drug(1, { 79: '0' })}\n${drug(2, { 79: '2' })}\n${drug(3)}\n`);
    expect(rows.map(({ valid }) => valid)).toEqual([false, false, true]);
  });

  test('a class that nobody knows is a warning and left out', async () => {
    const { report, rows } = await read('1301', drug(1, { 92: '特类' }));
    expect(report).toMatchObject({ products: 1, warningCount: 1, warnings: [{ line: 1, value: '特类' }] });
    expect(rows[0]).not.toHaveProperty('insuranceClass');
  });
});

describe('the text may be', () => {
  const text = drugs(3);

  test('UTF-8 with and without mark, GB18030, with CRLF, without an end, zipped', async () => {
    const expected = (await read('1301', text)).rows;
    expect(expected).toHaveLength(3);
    const forms = {
      mark: Buffer.from(`\uFEFF${text}`),
      gb18030: iconv.encode(text, 'gb18030'),
      crlf: text.replaceAll('\n', '\r\n'),
      'without an end': text.slice(0, -1),
      zip: zipped({ '1301_20250911.txt': text }),
      'zip of GB18030': zipped({ 'a.TXT': iconv.encode(text, 'gb18030') }),
      'zip with its folder': zipped({ 'plc/': new Uint8Array(), 'plc/1301.txt': text }),
    };
    for (const [name, form] of Object.entries(forms)) {
      expect((await read('1301', form)).rows, name).toEqual(expected);
    }
    expect((await read('1301', forms.gb18030)).report.encoding).toBe('gb18030');
    expect((await read('1301', forms.mark)).report.encoding).toBe('utf-8');
  });

  test('long enough to come in many pieces, in either encoding, with the first Chinese word far in', async () => {
    const ascii = Array.from({ length: 9000 }, (_, at) => `${drug(at + 1, { 4: 'A', 54: 'B' })}\n`).join('');
    const long = ascii + Array.from({ length: 9000 }, (_, at) => `${drug(at + 9001)}\n`).join('');
    for (const encoding of ['utf8', 'gb18030'] as const) {
      const { report, rows } = await read('1301', iconv.encode(long, encoding));
      expect(report).toMatchObject({ rowsRead: 18_000, products: 18_000 });
      expect(rows.at(-1)).toMatchObject({ recordId: 'R18000', name: '阿莫西林示例片' });
    }
  });
});

describe('a bad row is named with line, column and reason, and nothing is given on after it', () => {
  const cases: readonly [string, string, object][] = [
    ['too few columns', line(91, { 1: 'X' }), { en: 'has 91 columns, 92 / 97 are expected' }],
    ['too many columns', line(300, { 1: 'X' }), { en: 'has 300 columns, 92 / 97 are expected' }],
    ['no code', drug(2, { 1: '' }), { column: '1 医疗目录编码', en: 'must not be empty' }],
    ['a code with a space', drug(2, { 1: 'X 1' }), { column: '1 医疗目录编码', value: 'X 1' }],
    ['no name', drug(2, { 4: 'null' }), { column: '4 药品通用名', en: 'must not be empty' }],
    ['no record id', drug(2, { 80: '' }), { column: '80 唯一记录号' }],
    ['no version', drug(2, { 83: '' }), { column: '83 版本号' }],
    ['no state', drug(2, { 79: 'Y' }), { column: '79 有效标志', value: 'Y', en: 'must be 0, 1 or 2' }],
    ['a day that is none', drug(2, { 37: '2024-02-30' }), { column: '37 开始日期', value: '2024-02-30' }],
    [
      'an end before the beginning',
      drug(2, { 37: '2024-02-01', 38: '2024-01-31' }),
      { column: '38 结束日期' },
    ],
    ['garbled text', drug(2, { 4: '闃胯帿瑗挎灄鑳跺泭' }), { column: '4 药品通用名', en: 'is garbled text' }],
    [
      'a control character',
      drug(2, { 14: 'a\u0007b' }),
      { column: '14 药品规格', en: 'has control characters' },
    ],
    ['overlong text', drug(2, { 57: '限'.repeat(4001) }), { column: '57 限制使用范围' }],
    ['the record id of another row', drug(1), { column: '唯一记录号', en: 'the same record id as line 1' }],
  ];

  test.each(cases)('%s', async (_, bad, problem) => {
    const { report, rows } = await read('1301', `${drug(1)}\n${bad}\n${drug(3)}\n`);
    expect(report).toMatchObject({ rowsRead: 3, products: 0, fault: { code: 'catalog-source-rows' } });
    expect(report.errors[0]).toMatchObject({ line: 2, ...problem });
    expect(rows.length).toBeLessThanOrEqual(1);
  });

  test('garbled or lost text far in, where the file as a whole looks well', async () => {
    const bad = `${drug(9001, { 4: '闃胯帿瑗挎灄鑳跺泭' })}\n${drug(9002, { 14: '0.25\uFFFD' })}\n`;
    const { report } = await read('1301', drugs(9000) + bad);
    expect(report).toMatchObject({
      rowsRead: 9002,
      errorCount: 2,
      errors: [
        { line: 9001, column: '4 药品通用名', en: 'is garbled text' },
        { line: 9002, column: '14 药品规格', en: 'has lost characters (�)' },
      ],
    });
  });

  test('ten thousand are listed and all counted', async () => {
    const { report } = await read('1301', 'a\tb\n'.repeat(10_050));
    expect(report.errors).toHaveLength(10_000);
    expect(report.errorCount).toBe(10_050);
    expect(report.fault?.detail).toMatch(/^10050 problems; the first: line 1/);
  });

  test('blank lines are left out and lines keep their numbers', async () => {
    const { report } = await read('1301', `\n\n${drug(1)}\n\nx\n`);
    expect(report).toMatchObject({ rowsRead: 2, errors: [{ line: 5 }] });
  });
});

describe('the name of a file tells its table', () => {
  test('when exactly one number of a table stands in it', async () => {
    expect(tableOfFile('1301_20250911.txt.zip')).toBe('1301');
    expect(tableOfFile('目录1318-2025.jsonl')).toBe('1318');
    expect(tableOfFile('1301_1302.zip')).toBeUndefined();
    expect(tableOfFile('20130101.zip')).toBeUndefined();
    expect(tableOfFile('1308.zip')).toBeUndefined();
    expect(tableOfFile('商品.zip')).toBeUndefined();
  });
});
