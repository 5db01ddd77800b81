import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { IdleCheckpoint } from '#store/idle-checkpoint';
import { newFolder } from '../../helpers/till-records.ts';

let folder: ReturnType<typeof newFolder>;
let db: Database.Database;
let clock: ManualClock;
let checkpoint: IdleCheckpoint;

beforeEach(() => {
  folder = newFolder();
  db = new Database(join(folder.path, 'records.db'));
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE t (x)');
  db.pragma('wal_checkpoint(TRUNCATE)');
  clock = new ManualClock(0);
  checkpoint = new IdleCheckpoint(db, clock);
});
afterEach(() => {
  checkpoint.stop();
  db.close();
  folder.remove();
});

function write(times: number): void {
  const insert = db.prepare('INSERT INTO t VALUES (?)');
  for (let count = 0; count < times; count += 1) {
    insert.run('x'.repeat(5000));
    checkpoint.written();
  }
}

/** The records grow only when the log is written back into them. */
const recordBytes = (): number => statSync(join(folder.path, 'records.db')).size;

describe('the log of the records', () => {
  it('is written back after many writes and a second in which nobody writes', async () => {
    const before = recordBytes();
    write(70);
    await clock.advance(999);
    expect(recordBytes()).toBe(before);
    await clock.advance(1);
    expect(recordBytes()).toBeGreaterThan(before + 70 * 5000);
  });

  it('is left alone while writes follow each other, and after a few of them', async () => {
    const before = recordBytes();
    write(63);
    await clock.advance(60_000);
    expect(recordBytes()).toBe(before);
    for (let count = 0; count < 20; count += 1) {
      write(1);
      await clock.advance(600);
      expect(recordBytes()).toBe(before);
    }
    await clock.advance(400);
    expect(recordBytes()).toBeGreaterThan(before);
  });

  it('takes a shorter pause the fuller it is', async () => {
    const before = recordBytes();
    write(160);
    await clock.advance(99);
    expect(recordBytes()).toBe(before);
    await clock.advance(1);
    const after = recordBytes();
    expect(after).toBeGreaterThan(before + 160 * 5000);
    for (let count = 0; count < 239; count += 1) {
      write(1);
      await clock.advance(2);
    }
    expect(recordBytes()).toBe(after);
    write(1);
    await clock.advance(1);
    expect(recordBytes()).toBeGreaterThan(after + 240 * 5000);
  });

  it('is written back by a commit when there is no pause at all', () => {
    const before = recordBytes();
    write(2500);
    expect(recordBytes()).toBeGreaterThan(before);
    expect(statSync(join(folder.path, 'records.db-wal')).size).toBeLessThan(20 * 1024 * 1024);
  });

  it('may grow to the same number of bytes whatever the size of its pages', () => {
    const bound = (pageBytes: number) => {
      const small = new Database(join(folder.path, `pages-${pageBytes}.db`));
      small.pragma(`page_size = ${pageBytes}`);
      new IdleCheckpoint(small, clock).stop();
      const pages = Number(small.pragma('wal_autocheckpoint', { simple: true }));
      small.close();
      return pages * pageBytes;
    };
    expect(bound(1024)).toBe(16_384_000);
    expect(bound(4096)).toBe(16_384_000);
  });

  it('waits for no reader: what one still needs is written back the next time', async () => {
    const reader = new Database(join(folder.path, 'records.db'), { readonly: true });
    reader.exec('BEGIN');
    expect(reader.prepare('SELECT COUNT(*) FROM t').pluck().get()).toBe(0);
    const before = recordBytes();
    write(64);
    await clock.advance(1000);
    expect(recordBytes()).toBe(before);
    reader.close();
    write(64);
    await clock.advance(1000);
    expect(recordBytes()).toBeGreaterThan(before + 128 * 5000);
  });

  it('stops no sale when it cannot be written back: the next write tells', async () => {
    write(64);
    db.close();
    db = new Database(join(folder.path, 'records.db'));
    const full = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
    const broken = Object.assign(Object.create(db) as Database.Database, {
      pragma: (source: string) => {
        if (source.startsWith('wal_checkpoint')) throw full;
        return db.pragma(source);
      },
    });
    checkpoint.stop();
    checkpoint = new IdleCheckpoint(broken, clock);
    for (let count = 0; count < 64; count += 1) checkpoint.written();
    await expect(clock.advance(1000)).resolves.toBeUndefined();
  });

  it('is not touched after the records were closed', async () => {
    write(64);
    checkpoint.stop();
    const before = recordBytes();
    await clock.advance(5000);
    expect(recordBytes()).toBe(before);
  });
});
