import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { price, ratio } from '#core/money';
import { read } from './agency-text.ts';

const examples = fileURLToPath(new URL('../../../catalog/examples/agency/', import.meta.url));

function example(table: string, more: object = {}): string {
  const row: unknown = JSON.parse(readFileSync(`${examples}${table}.jsonl`, 'utf8'));
  return JSON.stringify({ ...(row as object), ...more });
}

describe('lines of the paged tables', () => {
  test('become rows with exact amounts', async () => {
    expect((await read('1312', example('1312'))).rows).toMatchObject([
      { table: '1312', code: 'XJ01CAA999', insuranceClass: 'A', limited: true, region: '990100' },
    ]);
    expect((await read('1316', example('1316'))).rows).toMatchObject([
      { nationalCode: 'XJ01CAA999A001010109999', code: 'XJ01CAA999' },
    ]);
    expect((await read('1317', example('1317'))).rows).toMatchObject([
      { shopCode: '100123', listType: '101' },
    ]);
    expect((await read('1318', example('1318'))).rows).toMatchObject([
      { ceiling: price('12.5'), from: '2025-01-01', to: '2026-12-31' },
    ]);
    expect((await read('1319', example('1319'))).rows).toMatchObject([
      { ratioType: '10', ratio: ratio('0.1') },
    ]);
  });

  test('a row that pages gave twice counts once, as it came last', async () => {
    const { report, rows } = await read(
      '1318',
      `${example('1318')}\n${example('1318', { ceiling: '11.00' })}\n`,
    );
    expect(report).toMatchObject({ rowsRead: 2, products: 1, warningCount: 1, errorCount: 0 });
    expect(rows.at(-1)).toMatchObject({ ceiling: price('11') });
  });

  const bad: readonly [string, Parameters<typeof read>[0], string, object][] = [
    ['no JSON', '1318', '{"table":"1318"', { en: 'is no line of JSON' }],
    ['another table', '1318', example('1319'), { column: 'table' }],
    ['an unknown key', '1318', example('1318', { till: '2026-01-01' }), { line: 1 }],
    ['an amount as a bare number', '1318', example('1318', { ceiling: 12.5 }), { column: 'ceiling' }],
    ['seven decimals', '1318', example('1318', { ceiling: '1.0000001' }), { column: 'ceiling' }],
    ['a share above one', '1319', example('1319', { ratio: '1.1' }), { column: 'ratio' }],
    ['a day that is none', '1316', example('1316', { from: '2025-13-01' }), { column: 'from' }],
    ['an end before the beginning', '1316', example('1316', { to: '2024-12-31' }), { column: 'to' }],
    ['no record id', '1317', example('1317', { recordId: '' }), { column: 'recordId' }],
    ['a class of its own', '1312', example('1312', { insuranceClass: 'D' }), { column: 'insuranceClass' }],
  ];

  test.each(bad)('%s is a bad row with its place', async (_, table, line, problem) => {
    const { report, rows } = await read(table, line);
    expect(report.fault?.code).toBe('catalog-source-rows');
    expect(report.errors[0]).toMatchObject({ line: 1, ...problem });
    expect(rows).toEqual([]);
  });

  test('a garbled name is a bad row', async () => {
    const good = Array.from({ length: 9 }, (_, at) => example('1312', { recordId: `R${at}` }));
    const { report } = await read(
      '1312',
      [...good, example('1312', { name: '闃胯帿瑗挎灄鑳跺泭' })].join('\n'),
    );
    expect(report).toMatchObject({
      errorCount: 1,
      errors: [{ line: 10, column: 'name', en: 'is garbled text' }],
    });
  });
});
