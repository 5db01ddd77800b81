import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { migrations } from '#store/migrations/list';
import { openTillStore, recordsFile } from '#store/open';
import { settlementIntended } from '#store/records/settlement';
import {
  morningMs,
  newFolder,
  openSale,
  openStore,
  requestOf,
  testSealKey,
} from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
let folder: ReturnType<typeof newFolder>;
const open = () => openTillStore({ folder: folder.path, terminal: '01', clock, sealKey: testSealKey });

function edit(work: (db: Database.Database) => void): void {
  const db = new Database(join(folder.path, recordsFile));
  work(db);
  db.close();
}

beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

describe('opening the records', () => {
  test('each opening syncs in full again, although SQLite forgets that between openings', () => {
    openStore(folder.path, clock).close();
    edit((db) => db.pragma('synchronous = OFF'));
    const store = openStore(folder.path, clock);
    const sale = openSale(store, morningMs);
    store.close();
    const again = openStore(folder.path, clock);
    expect(again.sale(sale.saleId)).toEqual(sale);
    again.close();
    edit((db) => {
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    });
  });

  test('a second till on the same folder is refused while the first lives, and let in after it', () => {
    const first = openStore(folder.path, clock);
    const second = open();
    expect(second.ok ? 'opened' : second.error.code).toBe('store-locked');
    first.close();
    openStore(folder.path, clock).close();
  });

  test('a lock dies with its process, however that dies', async () => {
    const script = `
      const Database = require(${JSON.stringify(createRequire(import.meta.url).resolve('better-sqlite3'))});
      const db = new Database(${JSON.stringify(join(folder.path, 'till.lock'))});
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('BEGIN EXCLUSIVE');
      process.stdout.write('locked');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const refused = open();
    expect(refused.ok ? 'opened' : refused.error.code).toBe('store-locked');
    child.kill('SIGKILL');
    await once(child, 'exit');
    openStore(folder.path, clock).close();
  });

  test('new records have small pages; those of an older program keep theirs and are sold into as before', () => {
    const pageBytes = () => {
      let bytes: unknown;
      edit((db) => {
        bytes = db.pragma('page_size', { simple: true });
      });
      return bytes;
    };
    const first = openStore(folder.path, clock);
    const sale = openSale(first, morningMs);
    first.close();
    expect(pageBytes()).toBe(1024);
    edit((db) => {
      db.pragma('journal_mode = DELETE');
      db.pragma('page_size = 4096');
      db.exec('VACUUM');
    });
    const old = openStore(folder.path, clock);
    expect(old.sale(sale.saleId)).toEqual(sale);
    const next = openSale(old, morningMs);
    old.close();
    expect(pageBytes()).toBe(4096);
    const again = openStore(folder.path, clock);
    expect(again.sale(next.saleId)).toEqual(next);
    again.close();
  });

  test('records written by a newer program are refused and left untouched', () => {
    openStore(folder.path, clock).close();
    edit((db) => {
      db.pragma('journal_mode = DELETE');
      db.pragma('user_version = 99');
    });
    const before = readFileSync(join(folder.path, recordsFile));
    const opened = open();
    expect(opened.ok ? 'opened' : opened.error.code).toBe('store-newer-schema');
    expect(readFileSync(join(folder.path, recordsFile)).equals(before)).toBe(true);
  });

  test.each([0, 1, 3, 5, 8])('records with page %i overwritten are refused as damaged', (page) => {
    const store = openStore(folder.path, clock);
    for (let count = 0; count < 5; count += 1) {
      const sale = openSale(store, morningMs);
      const message = {
        messageId: store.nextMessageId('P99010199999', morningMs),
        body: '{}',
        preparedAtMs: 1,
      };
      store.commit(settlementIntended({ sale, request: requestOf(sale), message, nowMs: 1, operator: '1' }));
    }
    store.close();
    const file = openSync(join(folder.path, recordsFile), 'r+');
    writeSync(file, Buffer.alloc(1024, 0xa5), 0, 1024, page * 1024);
    closeSync(file);
    const opened = open();
    expect(opened.ok ? 'opened' : opened.error.code).toBe('store-damaged');
  });

  test('a file that is no database, and a database of another program, are refused as damaged', () => {
    writeFileSync(
      join(folder.path, recordsFile),
      'not a database at all, but long enough to look'.repeat(50),
    );
    const opened = open();
    expect(opened.ok ? 'opened' : opened.error.code).toBe('store-damaged');
    const other = newFolder();
    const db = new Database(join(other.path, recordsFile));
    db.exec('CREATE TABLE notes (text TEXT)');
    db.close();
    const foreign = openTillStore({ folder: other.path, terminal: '01', clock, sealKey: testSealKey });
    expect(foreign.ok ? 'opened' : foreign.error.code).toBe('store-damaged');
    other.remove();
  });

  test('a failed opening gives the folder free again', () => {
    openStore(folder.path, clock).close();
    edit((db) => db.pragma('user_version = 99'));
    expect(open().ok).toBe(false);
    edit((db) => db.pragma(`user_version = ${migrations.length}`));
    openStore(folder.path, clock).close();
  });
});
