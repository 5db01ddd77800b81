import { describe, expect, test } from 'vitest';
import { nationalList } from '#catalog/starter';
import { type AgencyTable, agencyTables } from '#core/domain/agency-catalog';
import { drugRows } from '../../bench/generate-agency.ts';
import { otherTables } from '../../bench/generate-agency-tables.ts';
import { read } from '../catalog/agency/agency-text.ts';

const list = nationalList();
const COUNT = 20_000;

describe('the generated tables of the agency', () => {
  const rows = [...drugRows(COUNT, list, 5)];

  test('hold as many drugs as asked for, the same ones for the same seed, and say that they are invented', () => {
    expect(rows).toHaveLength(COUNT);
    expect([...drugRows(100, list, 5)]).toEqual([...drugRows(100, list, 5)]);
    expect([...drugRows(100, list, 5)]).not.toEqual([...drugRows(100, list, 6)]);
    expect(rows.every((row) => row.length === 92 && row[77]?.includes('synthetic=1'))).toBe(true);
  });

  test('have codes of the national form, each once, and standard codes whose check digit holds', () => {
    const codes = rows.map(([code = '']) => code);
    expect(new Set(codes).size).toBe(COUNT);
    const form = /^(X[A-Z]\d\d[A-Z]{2}[A-Z]\d{3}[A-Z]\d{3}\d{9}|Z[A-Z]\d\d[A-Z][A-Z]?[A-Z]\d{4}\d{9})$/;
    expect(codes.filter((code) => !form.test(code))).toEqual([]);
    for (const standard of rows.map((row) => row[8] ?? '')) {
      const digits = [...standard].map(Number);
      const sum = digits.slice(0, 13).reduce((all, digit, at) => all + digit * (at % 2 === 0 ? 3 : 1), 0);
      expect((10 - (sum % 10)) % 10).toBe(digits[13]);
    }
  });

  test('have makers by the measured law: a few names with very many, most with few', () => {
    const perName = new Map<string, number>();
    for (const row of rows) perName.set(row[3] ?? '', (perName.get(row[3] ?? '') ?? 0) + 1);
    const counts = [...perName.values()].sort((a, b) => a - b);
    const median = counts[counts.length >> 1] ?? 0;
    expect(counts.at(-1)).toBeGreaterThan(20 * median);
  });

  test('pass the import, all twelve of them', () => {
    const texts: Readonly<Record<AgencyTable, string>> = {
      '1301': rows
        .slice(0, 500)
        .map((row) => `${row.join('\t')}\n`)
        .join(''),
      ...otherTables(500, list, 5),
    };
    return Promise.all(
      agencyTables.map(async ({ id }) => {
        const { report } = await read(id, texts[id]);
        expect(report, id).toMatchObject({ errorCount: 0, warningCount: 0 });
        expect(report.products, id).toBeGreaterThan(40);
      }),
    );
  });
});
