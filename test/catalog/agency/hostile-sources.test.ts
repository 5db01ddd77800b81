import { deflateRawSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { readSource } from '#catalog/agency/read-source';
import type { SourceBytes } from '#core/ports/agency-catalog';
import { drugs, read, zipped } from './agency-text.ts';
import { zipOf } from './zip-of.ts';

const text = drugs(40);
const zip = zipped({ '1301.txt': text });

async function codeOf(source: string | Uint8Array): Promise<string> {
  const { report } = await read('1301', source);
  expect(report.products).toBe(0);
  return `${report.fault?.code}: ${report.fault?.detail ?? ''}`;
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
}

describe('a zip is refused with its code', () => {
  test('cut anywhere', async () => {
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const cut = zip.subarray(0, Math.floor(zip.length * share));
      expect(await codeOf(cut), String(share)).toMatch(/^catalog-source-zip: damaged or cut/);
    }
  });

  test('empty, with two texts, with something else', async () => {
    expect(await codeOf(zipped({}))).toMatch(/^catalog-source-zip: there is no file in it/);
    expect(await codeOf(zipped({ 'a.txt': text, 'b.txt': text }))).toMatch(
      /^catalog-source-zip: 2 files in it/,
    );
    expect(await codeOf(zipped({ 'a.xlsx': text }))).toMatch(
      /^catalog-source-zip: the file in it is no \.txt/,
    );
  });

  test('encrypted, packed in a way that is not read, with a head that points outside', async () => {
    const directory = zip.length - 22 - (46 + '1301.txt'.length);
    expect(await codeOf(changed(zip, directory + 8, 1))).toMatch(/^catalog-source-zip: it is encrypted/);
    expect(await codeOf(changed(zip, directory + 10, 12))).toMatch(
      /^catalog-source-zip: packed by method 12/,
    );
    expect(await codeOf(changed(zip, directory + 42, 0xff))).toMatch(/^catalog-source-zip: damaged/);
    expect(await codeOf(changed(zip, directory, 0))).toMatch(/^catalog-source-zip: damaged/);
  });

  test('with any one byte of its text changed', async () => {
    for (let at = 60; at < zip.length - 100; at += 13) {
      const before = zip[at] ?? 0;
      const found = await codeOf(changed(zip, at, before ^ 0x55));
      expect(found, String(at)).toMatch(/^catalog-source-(zip|rows|encoding)/);
    }
  });

  test('that says it is small and is not: no more than it says is taken', async () => {
    const packed = deflateRawSync(Buffer.from(drugs(5000)));
    const lying = zipOf({ name: 'a.txt', packed, method: 8, crc: 0, size: 1000 });
    expect(await codeOf(lying)).toMatch(/^catalog-source-zip: damaged: size or check sum/);
  });

  test('that grows beyond all measure, at once', async () => {
    const packed = Buffer.alloc(1_000_000);
    const size = 1_000_000_000;
    const bomb = zipOf({ name: 'a.txt', packed, method: 8, crc: 0, size });
    const startMs = performance.now();
    expect(await codeOf(bomb)).toBe(`catalog-source-too-large: 1000000 bytes that grow to ${size}`);
    expect(performance.now() - startMs).toBeLessThan(2000);
    const huge = zipOf({ name: 'a.txt', packed, method: 0, crc: 0, size: 4_100_000_000 });
    expect(await codeOf(huge)).toMatch(/^catalog-source-too-large/);
  });
});

describe('a text is refused as a whole with its code', () => {
  test('a gigabyte of zeros, after its first piece', async () => {
    const asked: number[] = [];
    const zeros = {
      sizeBytes: 1_000_000_000,
      read(from: number, to: number) {
        asked.push(to);
        return new Uint8Array(to - from);
      },
    };
    const { report } = await readBytes(zeros);
    expect(report.fault).toMatchObject({ code: 'catalog-source-encoding', detail: 'binary data' });
    expect(Math.max(...asked)).toBeLessThan(10_000_000);
  });

  test('a gigabyte without a line, after its first piece', async () => {
    const asked: number[] = [];
    const endless = {
      sizeBytes: 1_000_000_000,
      read(from: number, to: number) {
        asked.push(to);
        return new Uint8Array(to - from).fill(0x61);
      },
    };
    expect((await readBytes(endless)).report.fault).toMatchObject({ code: 'catalog-source-encoding' });
    expect(Math.max(...asked)).toBeLessThan(10_000_000);
  });

  test('NUL bytes at the beginning and far in', async () => {
    expect(await codeOf(`\0${text}`)).toBe('catalog-source-encoding: binary data');
    expect(await codeOf(`${drugs(9000)}\0\n`)).toBe('catalog-source-encoding: binary data');
  });

  test('UTF-16, a workbook, text read as GBK and stored again, lost characters, mixed encodings', async () => {
    expect(await codeOf(iconv.encode(text, 'utf16le', { addBOM: true }))).toMatch(/^catalog-source-encoding/);
    expect(await codeOf(iconv.decode(Buffer.from(text), 'gb18030'))).toMatch(
      /^catalog-source-(encoding|rows)/,
    );
    expect(await codeOf(text.replace('阿', '\uFFFD'))).toMatch(/^catalog-source-encoding: replacement/);
    const mixed = Buffer.concat([Buffer.from(drugs(9000)), iconv.encode(drugs(9), 'gb18030')]);
    expect(await codeOf(mixed)).toBe('catalog-source-encoding: bytes that are neither UTF-8 nor GB18030');
  });

  test('empty, or only blank lines', async () => {
    expect(await codeOf('')).toMatch(/^catalog-source-empty/);
    expect(await codeOf('\n\r\n\n')).toMatch(/^catalog-source-empty/);
  });
});

async function readBytes(bytes: SourceBytes) {
  return { report: await readSource({ table: '1301', file: 'test', scope: 'full' }, bytes, () => {}) };
}
