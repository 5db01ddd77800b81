import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applicationId } from '#store/migrations/list';
import { Cashier } from './cashier.ts';
import { RealShop } from './real-shop.ts';
import { type ProgramEnd, runProgram } from './shop-program.ts';

let shop: RealShop;
let cashier: Cashier;
let folder: string;

beforeAll(async () => {
  shop = await RealShop.open();
  cashier = new Cashier(shop);
  folder = mkdtempSync(join(tmpdir(), 'guitai-bad-'));
  await shop.signIn();
}, 90_000);

afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The till still sells, and what was sold before is what is there now. */
async function nothingLost(): Promise<void> {
  const { sales } = await shop.api<{ sales: { state: string }[] }>('GET', '/api/sales');
  expect(sales.filter(({ state }) => state !== 'open')).toEqual([]);
  await cashier.scan();
  await cashier.clear();
}

const CHINESE = /[\u4e00-\u9fff]{2}/;

/** A coded sentence in both languages with a next step, as a person at a terminal gets it. */
function saysInBothLanguages({ code, err }: ProgramEnd, fault: string): void {
  expect(code).toBe(1);
  expect(err).toMatch(new RegExp(`^${fault}: .*[\\u4e00-\\u9fff].* / [A-Z]`));
  expect(err).toMatch(/\n {2}→ .*[\u4e00-\u9fff].* \/ [A-Z]/);
  expect(err).not.toContain('    at ');
}

describe('bad requests to the API', () => {
  interface Sent {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }

  /** By hand, because fetch sets Host itself. */
  function send({ method = 'POST', path = '/api/scan', headers = {}, body = '{}' }: Sent) {
    const token = readFileSync(join(shop.folder, 'data', 'api-token'), 'utf8').trim();
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const call = httpRequest(`${shop.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          ...headers,
        },
      });
      call.on('error', reject);
      call.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      call.end(body);
    });
  }

  const basket = (more: object) => JSON.stringify({ reference: 'r', lines: [], pay: 'cash', ...more });
  const cases: readonly (readonly [string, Sent, string])[] = [
    ['half a document', { body: '{"code": "690' }, 'request-invalid'],
    ['a form instead of JSON', { headers: { 'content-type': 'text/plain' } }, 'request-not-json'],
    ['no code', { body: '{}' }, 'request-invalid'],
    ['a number as code', { body: '{"code": 6909901000017}' }, 'request-invalid'],
    ['an unknown field', { body: '{"code": "1", "price": "0.01"}' }, 'request-invalid'],
    ['a prototype as field', { body: '{"code": "1", "__proto__": {"a": 1}}' }, 'request-invalid'],
    ['control characters', { body: '{"code": "69\\u0000\\u001b[2J"}' }, 'request-invalid'],
    ['a code of a megabyte', { body: `{"code": "${'9'.repeat(2_000_000)}"}` }, 'request-too-large'],
    ['a sale without lines', { path: '/api/sales', body: basket({}) }, 'request-invalid'],
    [
      'a negative quantity',
      { path: '/api/sales', body: basket({ lines: [{ code: '6909901000017', quantity: '-1' }] }) },
      'request-invalid',
    ],
    [
      'a quantity of a million',
      { path: '/api/sales', body: basket({ lines: [{ code: '6909901000017', quantity: '1000000' }] }) },
      'sale-quantity-invalid',
    ],
    ['a sale that is not there', { path: '/api/sales/no-such-sale/print' }, 'sale-not-found'],
    ['an address outside', { method: 'GET', path: '/api/../../etc/passwd', body: '' }, 'route-unknown'],
    ['a wrong token', { headers: { authorization: 'Bearer x' } }, 'token-wrong'],
    ['an empty token', { headers: { authorization: '' } }, 'token-wrong'],
    ['another host name', { headers: { host: 'till.example' } }, 'host-forbidden'],
    ['another origin', { headers: { origin: 'http://evil.example' } }, 'origin-forbidden'],
  ];
  test.each(cases)('%s is refused with a code and a next step', async (_what, sent, code) => {
    const { status, text } = await send(sent);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    const { error } = JSON.parse(text) as { error: Record<string, string> };
    expect(error['code']).toBe(code);
    for (const words of [error['zh'], error['nextZh']]) expect(words).toMatch(CHINESE);
    for (const words of [error['en'], error['nextEn']]) expect(words).toMatch(/[A-Za-z]{2}/);
  });

  test('after all of them nothing is lost', nothingLost);
});

describe('bad scans and searches at the counter', () => {
  const scans = ['0000000000000', '99999999999999999999999999999999', "6909901000017';--", '<b>69099</b>'];
  test.each(scans)('the unknown code %s is told by code, and the basket stays', async (code) => {
    await cashier.scan();
    await shop.page.keyboard.type(`${code}\n`);
    await cashier.seesCode('catalog-product-unknown');
    expect((await shop.view()).sale.lines).toHaveLength(1);
    await cashier.clear();
  });

  const searches = [
    "' OR 1=1 --",
    '"*" NEAR(a b)',
    '%_%',
    'a* AND b* NOT (c',
    '\\',
    '{}[]^:-+',
    '😀🀄',
    '阿'.repeat(64),
    '%00',
  ];
  test.each(searches)('the search %s answers a list, not an error', async (text) => {
    const answer = await shop.api<{ products?: unknown[] }>(
      'GET',
      `/api/search?q=${encodeURIComponent(text)}`,
    );
    expect(Array.isArray(answer.products)).toBe(true);
  });

  test('a search that is too long, or of control characters, is refused with a code', async () => {
    for (const text of ['阿'.repeat(65), '\u0007', '']) {
      const path = `/api/search?q=${encodeURIComponent(text)}`;
      const answer = await shop.api<{ error?: { code: string } }>('GET', path);
      expect(answer.error?.code).toBe('request-invalid');
    }
  });

  test('after all of them nothing is lost', nothingLost);
});

describe('bad configuration', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a syntax error', '[shop\nname = 1', 'line 1'],
    ['an unknown key', '[shop]\nnaem = "x"', 'shop'],
    ['a wrong type', '[server]\nport = "eighty"', 'server.port'],
    ['a port out of range', '[server]\nport = 99999', 'server.port'],
    ['money as a number', '[limits]\naccount_per_sale = 100', 'limits.account_per_sale'],
    ['offline without its basis', '[offline]\nenabled = true', 'offline.basis'],
    ['a PIN in clear', '[[operators]]\nnumber = "1"\nname = "x"\npin_hash = "1234"', 'operators.0.pin_hash'],
    ['a printer nowhere', '[printer]\naddress = "usb"', 'printer.address'],
  ];
  test.each(cases)(
    '%s ends the start with config-invalid and names the place',
    async (_what, toml, place) => {
      const file = join(folder, 'guitai.toml');
      writeFileSync(file, toml);
      const ended = await runProgram(['serve', '--config', file], shop.env);
      saysInBothLanguages(ended, 'config-invalid');
      expect(ended.err).toContain(place);
    },
  );

  test('a configuration that is not there ends the start with config-invalid', async () => {
    const ended = await runProgram(['serve', '--config', join(folder, 'none.toml')], shop.env);
    saysInBothLanguages(ended, 'config-invalid');
    expect(ended.err).toContain('none.toml');
  });

  test('a configuration that is a folder ends the start with config-invalid', async () => {
    saysInBothLanguages(await runProgram(['serve', '--config', folder], shop.env), 'config-invalid');
  });

  test('an environment variable is checked like its key', async () => {
    const env = { ...shop.env, GUITAI_PORT: 'eighty' };
    saysInBothLanguages(await runProgram(['serve', '--config', shop.configFile], env), 'config-invalid');
  });
});

describe('a start that must not be', () => {
  let data: string;
  const start = (more: NodeJS.ProcessEnv = {}) =>
    runProgram(['serve', '--config', shop.configFile], {
      ...shop.env,
      GUITAI_PORT: '0',
      GUITAI_DATA_DIR: data,
      ...more,
    });

  beforeEach(() => {
    data = mkdtempSync(join(folder, 'data-'));
  });

  test('on a taken port says port-unavailable, and the till that has it goes on', async () => {
    saysInBothLanguages(await start({ GUITAI_PORT: new URL(shop.url).port }), 'port-unavailable');
    await nothingLost();
  });

  test('on the data folder of a running till says store-locked, and that till goes on', async () => {
    saysInBothLanguages(await start({ GUITAI_DATA_DIR: join(shop.folder, 'data') }), 'store-locked');
    await nothingLost();
  });

  test('on records of a newer program says store-newer-schema and leaves the file as it is', async () => {
    const file = join(data, 'till.db');
    const db = new Database(file);
    db.exec('CREATE TABLE later (a TEXT) STRICT; PRAGMA user_version = 9999');
    db.pragma(`application_id = ${applicationId}`);
    db.close();
    const before = readFileSync(file);
    saysInBothLanguages(await start(), 'store-newer-schema');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('on damaged records says store-damaged and leaves the file as it is', async () => {
    const file = join(data, 'till.db');
    writeFileSync(file, Buffer.alloc(8192, 'not a database '));
    const before = readFileSync(file);
    saysInBothLanguages(await start(), 'store-damaged');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('with a token that others can read says token-file-exposed', async () => {
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'api-token'), 'a'.repeat(43));
    chmodSync(join(data, 'api-token'), 0o644);
    saysInBothLanguages(await start(), 'token-file-exposed');
  });

  test('with a data folder that is a file says store-write-failed', async () => {
    const file = join(data, 'taken');
    writeFileSync(file, '');
    saysInBothLanguages(await start({ GUITAI_DATA_DIR: file }), 'store-write-failed');
  });
});

describe('a bad catalogue file', () => {
  const HEADER = 'shop_code\tgeneric_name\tprice';
  const files: readonly (readonly [string, string | Buffer, string])[] = [
    ['an empty file', '', 'catalog-source-empty'],
    ['a header without rows', `${HEADER}\n`, 'catalog-source-'],
    ['unknown columns', 'a\tb\tc\n1\t2\t3\n', 'catalog-source-columns'],
    ['garbage bytes', Buffer.from('fffe00d8d8d80000fffe', 'hex'), 'catalog-source-'],
  ];
  test.each(files)('%s is refused with its code; the version in use stays', async (_what, content, code) => {
    const before = (await shop.view()).catalog;
    const file = join(folder, 'goods.tsv');
    writeFileSync(file, content);
    const ended = await shop.guitai('catalog', 'import', file);
    saysInBothLanguages({ ...ended, err: ended.err }, `${code}[a-z-]*`);
    expect((await shop.view()).catalog).toEqual(before);
  });

  test('one bad row among good ones: the report names line and column, and nothing is half imported', async () => {
    const before = (await shop.view()).catalog;
    const starter = readFileSync(new URL('../../catalog/data/starter-products.tsv', import.meta.url), 'utf8');
    const rows = starter.split('\n');
    const header = rows.find((row) => row.startsWith('shop_code'))?.split('\t') ?? [];
    const cells = (rows[8] ?? '').split('\t');
    cells[header.indexOf('price')] = '-3.999999999';
    rows[8] = cells.join('\t');
    const file = join(folder, 'goods.tsv');
    writeFileSync(file, rows.join('\n'));
    const ended = await shop.guitai('catalog', 'import', file);
    saysInBothLanguages(ended, 'catalog-source-rows');
    expect(ended.out).toMatch(/第 9 行 line 9 \[.+\] "-3\.999999999"/);
    expect((await shop.view()).catalog).toEqual(before);
    await nothingLost();
  });

  test('a file that is not there is told by code', async () => {
    const ended = await shop.guitai('catalog', 'import', join(folder, 'none.tsv'));
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('none.tsv');
  });
});
