import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { createSealer } from '#core/seal';
import { encodeHolder, encodeSale, encodeSettlement } from '#store/codec/values';
import { applicationId } from '#store/migrations/list';
import { recordsOne } from '#store/migrations/records-1';
import { finishSealing } from '#store/migrations/seal-old-records';
import { openTillStore, recordsFile } from '#store/open';
import { Seals } from '#store/seals';
import {
  holder,
  morningMs,
  newFolder,
  openSale,
  openStore,
  settlementOf,
  testSealKey,
} from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
const sales = 250;
let folder: ReturnType<typeof newFolder>;
let samples: ReturnType<typeof newFolder>;

beforeEach(() => {
  folder = newFolder();
  samples = newFolder();
});
afterEach(() => {
  folder.remove();
  samples.remove();
});

/** A file as the program before the sealing wrote it, with rows removed so that clear text lies on free pages. */
function writeOldRecords(): void {
  const template = openStore(samples.path, clock);
  const sale = openSale(template, morningMs);
  template.close();
  const db = new Database(join(folder.path, recordsFile));
  db.pragma('journal_mode = WAL');
  db.exec(recordsOne);
  db.pragma(`application_id = ${applicationId}`);
  db.pragma('user_version = 1');
  const insert =
    db.prepare(`INSERT INTO sales (sale_id, sale_number, state, business_day, person_number, total,
    account, fund, deductible, row) VALUES (?, ?, ?, '2026-03-02', ?, 4469, 2000, 893, 0, ?)`);
  const message =
    db.prepare(`INSERT INTO messages (message_id, sale_id, transaction_number, body, prepared_at_ms,
    state, answer) VALUES (?, ?, '2102', ?, 1, 'succeeded', ?)`);
  const settled = db.prepare("INSERT INTO settled VALUES (?, ?, '2026-03-02', '990199', '41', ?)");
  const upload =
    db.prepare(`INSERT INTO uploads (sale_id, lane, state, attempts, next_at_ms, queued_at_ms, account,
    agency_text) VALUES (?, ?, ?, 0, 1, 1, 2000, ?)`);
  db.transaction(() => {
    for (let index = 0; index < sales; index += 1) {
      const id = `sale-${String(index).padStart(4, '0')}`;
      const state = index % 2 === 0 ? 'done' : 'rejected';
      const row = encodeSale({ ...sale, saleId: id, saleNumber: id, state });
      insert.run(id, id, state, holder().personNumber, row);
      message.run(`m-${id}`, id, `{"certno":"${holder().certificateNumber}"}`, '{"name":"测试甲"}');
      if (state === 'done') settled.run(id, `m-${id}`, encodeSettlement(settlementOf(sale, morningMs)));
      else upload.run(id, 'card-1', 'rejected', `测试甲 ${holder().certificateNumber}`);
    }
    db.prepare('INSERT INTO persons VALUES (?, ?, ?)').run('card-1', 1, encodeHolder(holder()));
    for (let index = 0; index < 50; index += 1) {
      db.prepare('INSERT INTO persons VALUES (?, ?, ?)').run(`gone-${index}`, 1, encodeHolder(holder()));
    }
    db.exec("DELETE FROM persons WHERE key LIKE 'gone-%'");
  })();
  db.close();
}

function clearTextLeft(): readonly string[] {
  const { name, certificateNumber, personNumber, mediumNumber } = holder();
  const secrets = [name, certificateNumber, personNumber, mediumNumber];
  return readdirSync(folder.path).flatMap((file) => {
    const bytes = readFileSync(join(folder.path, file));
    return secrets
      .filter((secret) => bytes.includes(Buffer.from(secret)))
      .map((secret) => `${file}: ${secret}`);
  });
}

function expectAllThere(): void {
  const store = openStore(folder.path, clock);
  expect(store.salesOfDay('2026-03-02')).toHaveLength(sales);
  expect(store.sale('sale-0003')).toMatchObject({ state: 'rejected', holder: holder() });
  expect(store.messagesOfSale('sale-0249')).toMatchObject([
    { body: `{"certno":"${holder().certificateNumber}"}`, answer: '{"name":"测试甲"}' },
  ]);
  expect(store.settledOfDay('2026-03-02')).toHaveLength(sales / 2);
  expect(store.settled('sale-0000')?.settlement.personNumber).toBe(holder().personNumber);
  expect(store.upload('sale-0001')?.agencyText).toContain('测试甲');
  expect(store.offlineAtRisk('card-1')).toMatchObject({ count: sales / 2 });
  expect(store.rememberedHolder('card-1')).toEqual(holder());
  expect(store.accountPaidOn('2026-03-02', holder().personNumber)).toBe(BigInt(sales / 2) * 2000n);
  expect(store.brokenRecords()).toEqual([]);
  expect(store.setting('sealing')).toBeUndefined();
  store.close();
  expect(clearTextLeft()).toEqual([]);
}

test('records of the program before the sealing are sealed at the first opening, free pages and log too', () => {
  writeOldRecords();
  expect(clearTextLeft()).not.toEqual([]);
  expectAllThere();
});

/** Seals as a process that dies at the 151st value. */
class DyingSeals extends Seals {
  #left = 150;

  override seal(...value: Parameters<Seals['seal']>): string {
    this.#left -= 1;
    if (this.#left < 0) throw new Error('killed');
    return super.seal(...value);
  }
}

test('a full disk and a kill in the middle of the sealing: the next opening goes on where it was', () => {
  writeOldRecords();
  // Room for the new tables, none for the sealed rows, which are longer than the clear ones.
  const maxBytes = statSync(join(folder.path, recordsFile)).size + 80 * 1024;
  const full = openTillStore({ folder: folder.path, terminal: '01', clock, sealKey: testSealKey, maxBytes });
  expect(full.ok ? 'opened' : full.error.code).toBe('store-disk-full');
  const wrong = openTillStore({ folder: folder.path, terminal: '01', clock, sealKey: new Uint8Array(32) });
  expect(wrong.ok ? 'opened' : wrong.error.code).toBe('store-key-wrong');
  const db = new Database(join(folder.path, recordsFile));
  expect(() => finishSealing(db, new DyingSeals(createSealer(testSealKey)))).toThrow('killed');
  const place = db.prepare("SELECT value FROM settings WHERE name = 'sealing'").pluck().get();
  expect(place).toBe('{"table":"sales","after":"sale-0099"}');
  db.close();
  expectAllThere();
});
