import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FaultCode, fault } from '#core/fault';
import { ManualClock } from '#core/manual-clock';
import { restoreBackup } from '#store/backup/restore';
import { takeBackup } from '#store/backup/take';
import { openTillStore, recordsFile } from '#store/open';
import { morningMs, newFolder, openSale, openStore, testSealKey } from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
let folder: ReturnType<typeof newFolder>;
const records = () => join(folder.path, recordsFile);
const open = () => openTillStore({ folder: folder.path, terminal: '01', clock, sealKey: testSealKey });

/** The code of the refusal; an opened store is closed again. */
function opening(): string {
  const opened = open();
  if (!opened.ok) return opened.error.code;
  opened.value.close();
  return 'opened';
}

beforeEach(() => {
  folder = newFolder();
});
afterEach(() => {
  chmodSync(folder.path, 0o700);
  folder.remove();
});

describe('records that do not open, and the way back', () => {
  test('a damaged file is refused as it is; the backup takes its place and the damaged one is kept', async () => {
    const store = openStore(folder.path, clock);
    for (let count = 0; count < 30; count += 1) openSale(store, morningMs);
    const wish = {
      folder: folder.path,
      to: join(folder.path, 'b'),
      terminal: '01',
      clock,
      sealKey: testSealKey,
    };
    const taken = await takeBackup(wish);
    if (!taken.ok) throw new Error(taken.error.code);
    store.close();
    truncateSync(records(), 12 * 1024);
    const before = readFileSync(records());
    expect(opening()).toBe('store-damaged');
    expect(readFileSync(records()).equals(before)).toBe(true);
    const code: FaultCode = 'store-damaged';
    expect(fault(code).nextEn).toContain('guitai restore');
    expect(fault(code).nextZh).toContain('guitai restore');
    const { file } = taken.value;
    const restored = await restoreBackup({ ...wish, file, replace: true });
    if (!restored.ok) throw new Error(restored.error.code);
    expect(readFileSync(join(restored.value.keptIn ?? '', recordsFile)).equals(before)).toBe(true);
    expect(opening()).toBe('opened');
  });

  test('a log whose file is gone is never taken for a new till: what it holds would be thrown away', () => {
    const store = openStore(folder.path, clock);
    openSale(store, morningMs);
    const log = `${records()}-wal`;
    copyFileSync(log, join(folder.path, 'kept'));
    store.close();
    rmSync(records());
    copyFileSync(join(folder.path, 'kept'), log);
    const size = statSync(log).size;
    expect(opening()).toBe('store-damaged');
    expect(statSync(log).size).toBe(size);
    expect(existsSync(records())).toBe(false);
  });

  test('a cut log loses only what was cut, as after a power cut, and the chain still fits', () => {
    const store = openStore(folder.path, clock);
    store.close();
    const live = openStore(folder.path, clock);
    for (let count = 0; count < 5; count += 1) openSale(live, morningMs);
    const copy = newFolder();
    for (const ending of ['', '-wal'])
      copyFileSync(`${records()}${ending}`, join(copy.path, `${recordsFile}${ending}`));
    live.close();
    const log = join(copy.path, `${recordsFile}-wal`);
    truncateSync(log, statSync(log).size - 1_000);
    const again = openStore(copy.path, clock);
    expect(again.verifyJournal().brokenAt).toBeUndefined();
    expect(again.salesInState(['open']).length).toBeGreaterThanOrEqual(3);
    again.close();
    copy.remove();
  });

  test('a file of another program and one of a newer schema are refused and left as they are', () => {
    const db = new Database(records());
    db.exec('CREATE TABLE notes (text TEXT)');
    db.close();
    const before = readFileSync(records());
    expect(opening()).toBe('store-damaged');
    expect(readFileSync(records()).equals(before)).toBe(true);
  });

  test('something in the way of the file or the folder is a coded refusal', () => {
    writeFileSync(join(folder.path, 'file'), '');
    const inside = openTillStore({
      folder: join(folder.path, 'file'),
      terminal: '01',
      clock,
      sealKey: testSealKey,
    });
    expect(inside.ok ? 'opened' : inside.error.code).toBe('store-write-failed');
  });

  // Root may write everywhere: rights stop nobody then.
  test.skipIf(process.getuid?.() === 0)('a folder that may only be read is a coded refusal', () => {
    openStore(folder.path, clock).close();
    chmodSync(folder.path, 0o500);
    expect(opening()).toBe('store-write-failed');
  });
});
