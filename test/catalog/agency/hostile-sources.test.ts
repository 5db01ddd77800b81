import { deflateRawSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { readSource } from '#catalog/agency/read-source';
import type { SourceBytes } from '#core/ports/agency-catalog';
import { drugs, read, zipped } from './agency-text.ts';
import { zipOf } from './zip-of.ts';

const text = drugs(40);
const zip = zipped({ '1301.txt': text });

function codeOf(source: string | Uint8Array): string {
  const { report } = read('1301', source);
  expect(report.products).toBe(0);
  return `${report.fault?.code}: ${report.fault?.detail ?? ''}`;
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
}

describe('a zip is refused with its code', () => {
  test('cut anywhere', () => {
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const cut = zip.subarray(0, Math.floor(zip.length * share));
      expect(codeOf(cut), String(share)).toMatch(/^catalog-source-zip: damaged or cut/);
    }
  });

  test('empty, with two texts, with something else', () => {
    expect(codeOf(zipped({}))).toMatch(/^catalog-source-zip: there is no file in it/);
    expect(codeOf(zipped({ 'a.txt': text, 'b.txt': text }))).toMatch(/^catalog-source-zip: 2 files in it/);
    expect(codeOf(zipped({ 'a.xlsx': text }))).toMatch(/^catalog-source-zip: the file in it is no \.txt/);
  });

  test('encrypted, packed in a way that is not read, with a head that points outside', () => {
    const directory = zip.length - 22 - (46 + '1301.txt'.length);
    expect(codeOf(changed(zip, directory + 8, 1))).toMatch(/^catalog-source-zip: it is encrypted/);
    expect(codeOf(changed(zip, directory + 10, 12))).toMatch(/^catalog-source-zip: packed by method 12/);
    expect(codeOf(changed(zip, directory + 42, 0xff))).toMatch(/^catalog-source-zip: damaged/);
    expect(codeOf(changed(zip, directory, 0))).toMatch(/^catalog-source-zip: damaged/);
  });

  test('with any one byte of its text changed', () => {
    for (let at = 60; at < zip.length - 100; at += 13) {
      const before = zip[at] ?? 0;
      const found = codeOf(changed(zip, at, before ^ 0x55));
      expect(found, String(at)).toMatch(/^catalog-source-(zip|rows|encoding)/);
    }
  });

  test('that says it is small and is not: no more than it says is taken', () => {
    const packed = deflateRawSync(Buffer.from(drugs(5000)));
    const lying = zipOf({ name: 'a.txt', packed, method: 8, crc: 0, size: 1000 });
    expect(codeOf(lying)).toMatch(/^catalog-source-zip: damaged: size or check sum/);
  });

  test('that grows beyond all measure, at once', () => {
    const packed = Buffer.alloc(1_000_000);
    const size = 1_000_000_000;
    const bomb = zipOf({ name: 'a.txt', packed, method: 8, crc: 0, size });
    const startMs = performance.now();
    expect(codeOf(bomb)).toBe(`catalog-source-too-large: 1000000 bytes that grow to ${size}`);
    expect(performance.now() - startMs).toBeLessThan(2000);
    const huge = zipOf({ name: 'a.txt', packed, method: 0, crc: 0, size: 4_100_000_000 });
    expect(codeOf(huge)).toMatch(/^catalog-source-too-large/);
  });
});

describe('a text is refused as a whole with its code', () => {
  test('a gigabyte of zeros, after its first piece', () => {
    const asked: number[] = [];
    const zeros = {
      sizeBytes: 1_000_000_000,
      read(from: number, to: number) {
        asked.push(to);
        return new Uint8Array(to - from);
      },
    };
    const { report } = readBytes(zeros);
    expect(report.fault).toMatchObject({ code: 'catalog-source-encoding', detail: 'binary data' });
    expect(Math.max(...asked)).toBeLessThan(10_000_000);
  });

  test('a gigabyte without a line, after its first piece', () => {
    const asked: number[] = [];
    const endless = {
      sizeBytes: 1_000_000_000,
      read(from: number, to: number) {
        asked.push(to);
        return new Uint8Array(to - from).fill(0x61);
      },
    };
    expect(readBytes(endless).report.fault).toMatchObject({ code: 'catalog-source-encoding' });
    expect(Math.max(...asked)).toBeLessThan(10_000_000);
  });

  test('NUL bytes at the beginning and far in', () => {
    expect(codeOf(`\0${text}`)).toBe('catalog-source-encoding: binary data');
    expect(codeOf(`${drugs(9000)}\0\n`)).toBe('catalog-source-encoding: binary data');
  });

  test('UTF-16, a workbook, text read as GBK and stored again, lost characters, mixed encodings', () => {
    expect(codeOf(iconv.encode(text, 'utf16le', { addBOM: true }))).toMatch(/^catalog-source-encoding/);
    expect(codeOf(iconv.decode(Buffer.from(text), 'gb18030'))).toMatch(/^catalog-source-(encoding|rows)/);
    expect(codeOf(text.replace('阿', '\uFFFD'))).toMatch(/^catalog-source-encoding: replacement/);
    const mixed = Buffer.concat([Buffer.from(drugs(9000)), iconv.encode(drugs(9), 'gb18030')]);
    expect(codeOf(mixed)).toBe('catalog-source-encoding: bytes that are neither UTF-8 nor GB18030');
  });

  test('empty, or only blank lines', () => {
    expect(codeOf('')).toMatch(/^catalog-source-empty/);
    expect(codeOf('\n\r\n\n')).toMatch(/^catalog-source-empty/);
  });
});

function readBytes(bytes: SourceBytes) {
  return { report: readSource({ table: '1301', file: 'test', scope: 'full' }, bytes, () => {}) };
}
