import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gtinHolds } from '#catalog/import/fields';
import { readList } from '#catalog/import/read-list';
import { nationalList, starterFile, starterProducts } from '#catalog/starter';
import { temporaryFolder } from './temporary-folder.ts';

const products = starterProducts();

describe('the starter list', () => {
  test('has at least 300 products of every kind that a counter meets', () => {
    expect(products.length).toBeGreaterThanOrEqual(300);
    const count = (fits: (typeof products)[number] extends infer P ? (it: P) => boolean : never) =>
      products.filter(fits).length;
    expect(count((it) => it.insuranceClass === 'A')).toBeGreaterThan(100);
    expect(count((it) => it.insuranceClass === 'B')).toBeGreaterThan(100);
    expect(count((it) => it.insuranceClass === 'C')).toBeGreaterThan(20);
    expect(count((it) => it.ceiling !== undefined && it.price > it.ceiling)).toBeGreaterThan(10);
    expect(count((it) => it.barcode === undefined)).toBeGreaterThan(10);
    expect(count((it) => it.nationalCode === undefined)).toBeGreaterThan(10);
    expect(count((it) => it.prescriptionOnly)).toBeGreaterThan(100);
    const ratios = products.filter((it) => it.insuranceClass === 'B').map((it) => it.firstSelfPayRatio);
    expect(new Set(ratios)).toEqual(new Set([500n, 1_000n, 2_000n]));
  });

  test('passes its own import without an error', () => {
    const report = readList(readFileSync(starterFile()), () => {});
    expect(report).toMatchObject({ errorCount: 0, products: products.length, encoding: 'utf-8' });
  });

  test('says in its first line that it is invented, and its codes show it', () => {
    expect(readFileSync(starterFile(), 'utf8').split('\n', 1)[0]).toContain('虚构');
    for (const { barcode, nationalCode = '', approvalNumber = '2099' } of products) {
      if (barcode !== undefined) expect(barcode).toMatch(/^69099\d{8}$/);
      if (barcode !== undefined) expect(gtinHolds(barcode)).toBe(true);
      expect(nationalCode).toMatch(
        /^$|^X[A-Z]\d\d[A-Z]{2}Z\d{3}[A-Z]\d{3}\d{4}990\d\d$|^Z[A-Z]\d\d[A-Z]{2}Z\d{4}\d{4}990\d\d$|^T99\d{7}$/,
      );
      expect(approvalNumber).toContain('2099');
    }
  });

  test('has one national code for one product', () => {
    const codes = products.flatMap((it) => it.nationalCode ?? []);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('is made by its tool, byte for byte', () => {
    const folder = temporaryFolder();
    const tool = (path: string) => join(import.meta.dirname, '../../tools', path);
    mkdirSync(join(folder, 'tools'));
    mkdirSync(join(folder, 'catalog/data'), { recursive: true });
    cpSync(tool('starter'), join(folder, 'tools/starter'), { recursive: true });
    copyFileSync(tool('make-starter.js'), join(folder, 'tools/make-starter.mjs'));
    const list = 'national-list-2024.tsv';
    copyFileSync(join(starterFile(), '..', list), join(folder, 'catalog/data', list));
    execFileSync(process.execPath, [join(folder, 'tools/make-starter.mjs')]);
    const made = readFileSync(join(folder, 'catalog/data/starter-products.tsv'));
    expect(made.equals(readFileSync(starterFile()))).toBe(true);
  });
});

test('the national list ships whole: 4,750 rows, 3,159 drugs, 甲 and 乙 as published', () => {
  const list = nationalList();
  expect(list).toHaveLength(4750);
  const main = list.filter((entry) => !entry.repeated && entry.insuranceClass !== undefined);
  expect(main).toHaveLength(3159);
  expect(list.filter((entry) => entry.insuranceClass === 'A')).toHaveLength(767);
  expect(list.filter((entry) => entry.insuranceClass === 'B')).toHaveLength(3059);
});
