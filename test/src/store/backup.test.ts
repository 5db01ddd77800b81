import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { listBackups } from '#store/backup/list';
import { restoreBackup } from '#store/backup/restore';
import { type Backup, type BackupWish, takeBackup } from '#store/backup/take';
import { openTillStore, recordsFile, restoringFile } from '#store/open';
import { ownPaySold, settlementIntended } from '#store/records/settlement';
import { restoreHold } from '#store/restored';
import type { SqliteStore } from '#store/sqlite-store';
import {
  cashier,
  holder,
  institution,
  morningMs,
  newFolder,
  openSale,
  openStore,
  requestOf,
  splitOf,
  testSealKey,
} from '../../helpers/till-records.ts';

const dayMs = 86_400_000;
let clock: ManualClock;
let folder: ReturnType<typeof newFolder>;
let elsewhere: ReturnType<typeof newFolder>;

beforeEach(() => {
  clock = new ManualClock(morningMs);
  folder = newFolder();
  elsewhere = newFolder();
});
afterEach(() => {
  folder.remove();
  elsewhere.remove();
});

const backups = () => join(elsewhere.path, 'backups');
const target = () => join(elsewhere.path, 'data');

function sell(store: SqliteStore, nowMs = clock.nowMs()): string {
  const sale = openSale(store, nowMs);
  const split = splitOf(requestOf(sale).total, requestOf(sale).total, 'own-pay');
  const paid = {
    ...sale,
    mode: 'own-pay' as const,
    split,
    tenders: [{ kind: 'cash' as const, amount: split.total }],
  };
  store.commit(ownPaySold({ sale: paid, nowMs, operator: cashier.number }));
  return sale.saleNumber;
}

async function backUp(more: Partial<BackupWish> = {}): Promise<Backup> {
  const taken = await takeBackup({
    folder: folder.path,
    to: backups(),
    terminal: '01',
    clock,
    sealKey: testSealKey,
    ...more,
  });
  if (!taken.ok) throw new Error(`${taken.error.code} ${taken.error.detail}`);
  return taken.value;
}

const restore = (file: string, more: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
  restoreBackup({ file, folder: target(), terminal: '01', clock, sealKey: testSealKey, ...more });

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

describe('a backup of records in use', () => {
  test('is whole, checked and as of one moment while the till goes on selling', async () => {
    const store = openStore(folder.path, clock);
    for (let count = 0; count < 60; count += 1) sell(store);
    const before = store.journal(1, 10_000).length;
    let duringCopy = 0;
    let longestMs = 0;
    let running = true;
    const taking = backUp().finally(() => {
      running = false;
    });
    while (running) {
      const startMs = performance.now();
      sell(store);
      longestMs = Math.max(longestMs, performance.now() - startMs);
      duringCopy += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { file, manifest } = await taking;
    expect(duringCopy).toBeGreaterThan(0);
    // The copy runs in another process: no sale waits for it. The bound is wide because other tests run beside.
    expect(longestMs).toBeLessThan(500);
    expect(manifest.head.sequence).toBeGreaterThanOrEqual(before);
    const [entry] = store.journal(manifest.head.sequence, 1);
    expect(entry?.hash).toBe(manifest.head.hash);
    expect(store.verifyJournal().brokenAt).toBeUndefined();
    store.close();
    const copy = new Database(file, { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(copy.prepare('SELECT MAX(sequence) FROM journal').pluck().get()).toBe(manifest.head.sequence);
    copy.close();
    expect(statSync(backups()).mode & 0o077).toBe(0);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('holds no name and no number of a person in clear, and no key', async () => {
    const store = openStore(folder.path, clock);
    store.rememberHolder('card', holder());
    openSale(store, morningMs, { holder: holder() });
    const { file } = await backUp();
    store.close();
    const bytes = readFileSync(file);
    const { name, certificateNumber, personNumber, mediumNumber } = holder();
    for (const secret of [name, certificateNumber, personNumber, mediumNumber]) {
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(Buffer.from(secret, 'utf16le'))).toBe(false);
    }
    expect(bytes.includes(Buffer.from(testSealKey))).toBe(false);
    expect(readdirSync(backups()).filter((one) => one.includes('keys'))).toEqual([]);
  });

  test('older ones go beyond the number to keep, the newest stay', async () => {
    const store = openStore(folder.path, clock);
    for (let count = 0; count < 4; count += 1) {
      sell(store);
      clock.advance(60_000);
      await backUp({ keep: 2 });
    }
    store.close();
    const kept = listBackups(backups());
    expect(kept).toHaveLength(2);
    expect(kept[0]?.manifest.head.sequence).toBeGreaterThan(kept[1]?.manifest.head.sequence ?? 0);
    expect(readdirSync(backups())).toHaveLength(4);
  });

  test('a folder that others may enter is refused', async () => {
    openStore(folder.path, clock).close();
    await backUp();
    chmodSync(backups(), 0o755);
    const again = await takeBackup({
      folder: folder.path,
      to: backups(),
      terminal: '01',
      clock,
      sealKey: testSealKey,
    });
    expect(again.ok ? 'taken' : again.error.code).toBe('backup-folder-open');
  });

  test('damaged records are never taken for a backup', async () => {
    const store = openStore(folder.path, clock);
    for (let count = 0; count < 20; count += 1) sell(store);
    store.close();
    const db = new Database(join(folder.path, recordsFile));
    db.exec('DROP TRIGGER journal_no_update');
    db.prepare("UPDATE journal SET operator = '0199' WHERE sequence = 3").run();
    db.close();
    const wish = { folder: folder.path, to: backups(), terminal: '01', clock, sealKey: testSealKey };
    const taken = await takeBackup(wish);
    expect(taken.ok ? 'taken' : taken.error.code).toBe('store-damaged');
    expect(readdirSync(backups())).toEqual([]);
  });

  test('a copier that is killed half-way leaves nothing that counts as a backup', async () => {
    const store = openStore(folder.path, clock);
    for (let count = 0; count < 50; count += 1) sell(store);
    await backUp();
    const order = { source: join(folder.path, recordsFile), folder: backups(), stamp: 'guitai-01-cut' };
    const entry = fileURLToPath(new URL('../../../dist/src/store/backup/copy-child.js', import.meta.url));
    const child = spawn(process.execPath, [entry, JSON.stringify(order), String(process.pid)], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await new Promise<void>((seen) => {
      const look = setInterval(() => {
        if (!readdirSync(backups()).some((name) => name.includes(`.${child.pid}.building`))) return;
        clearInterval(look);
        seen();
      }, 1);
      child.once('message', () => seen());
    });
    child.kill('SIGKILL');
    await new Promise((ended) => child.once('exit', ended));
    // And a copy that got its name, but not its manifest, before the power went.
    writeFileSync(join(backups(), 'guitai-01-20260302100001.backup'), 'half');
    expect(listBackups(backups())).toHaveLength(1);
    clock.advance(1_000);
    await backUp();
    store.close();
    expect(listBackups(backups())).toHaveLength(2);
    expect(readdirSync(backups())).toHaveLength(4);
  });

  test('a folder that cannot be written ends in a coded refusal', async () => {
    openStore(folder.path, clock).close();
    writeFileSync(join(elsewhere.path, 'file'), '');
    const taken = await takeBackup({
      folder: folder.path,
      to: join(elsewhere.path, 'file', 'inside'),
      terminal: '01',
      clock,
      sealKey: testSealKey,
    });
    expect(taken.ok ? 'taken' : taken.error.code).toBe('backup-failed');
  });
});

describe('a restore', () => {
  test('goes on with the chain of the backup under numbers that the lost days cannot have used', async () => {
    const store = openStore(folder.path, clock);
    const known = sell(store);
    const basket = openSale(store, morningMs);
    const { file, manifest } = await backUp();
    clock.advance(dayMs);
    const lostNumbers = [sell(store), sell(store), openSale(store, clock.nowMs()).saleNumber];
    const lostIds = Array.from({ length: 120 }, () =>
      store.nextMessageId(institution, clock.nowMs() + 90_000),
    );
    store.close();

    clock.advance(30_000);
    const done = await restore(file);
    if (!done.ok) throw new Error(`${done.error.code} ${done.error.detail}`);
    expect(done.value.sequence).toBe(manifest.head.sequence + 1);
    const again = openStore(target(), clock);
    expect(again.verifyJournal().brokenAt).toBeUndefined();
    const [entry] = again.journal(done.value.sequence, 1);
    expect(entry).toMatchObject({ kind: 'restored', previousHash: manifest.head.hash });
    expect(again.saleByNumber(known)?.state).toBe('done');
    // A basket that may have been sold in the lost days is not sold again under its number.
    expect(again.sale(basket.saleId)?.state).toBe('abandoned');
    expect(again.slips(['owed', 'printing'])).toEqual([]);

    const ids = Array.from({ length: 2_500 }, () => again.nextMessageId(institution, clock.nowMs()));
    expect(new Set([...ids, ...lostIds]).size).toBe(ids.length + lostIds.length);
    expect(ids.every((id) => /^P99010199999\d{18}$/.test(id))).toBe(true);
    const numbers = Array.from({ length: 3 }, () => openSale(again, clock.nowMs()).saleNumber);
    expect(new Set([...numbers, ...lostNumbers]).size).toBe(6);
    expect(numbers.every((number) => number.length <= 20)).toBe(true);
    again.close();
    const third = openStore(target(), clock);
    expect(ids).not.toContain(third.nextMessageId(institution, clock.nowMs()));
    third.close();
  });

  test('restored twice from one backup, the two never share a number or an id', async () => {
    openStore(folder.path, clock).close();
    const { file } = await backUp();
    const made: string[] = [];
    for (const count of [0, 1]) {
      const where = join(elsewhere.path, `data-${count}`);
      clock.advance(60_000);
      expect((await restore(file, { folder: where })).ok).toBe(true);
      const store = openStore(where, clock);
      made.push(openSale(store, morningMs).saleNumber, store.nextMessageId(institution, clock.nowMs()));
      store.close();
    }
    expect(new Set(made).size).toBe(4);
  });

  test('until the lost days are compared nothing insured is committed', async () => {
    const store = openStore(folder.path, clock);
    store.close();
    const { file } = await backUp();
    expect((await restore(file)).ok).toBe(true);
    const again = openStore(target(), clock);
    expect(restoreHold(again)).toMatchObject({ backupAtMs: morningMs });
    const sale = openSale(again, clock.nowMs(), { holder: holder() });
    const message = {
      messageId: again.nextMessageId(institution, clock.nowMs()),
      body: '{}',
      preparedAtMs: 1,
    };
    const intended = settlementIntended({ sale, request: requestOf(sale), message, nowMs: 1, operator: '1' });
    expect(() => again.commit(intended)).toThrow(/restore-hold/);
    sell(again);
    again.close();
  });

  test('a folder with records is refused, or they are kept beside when that is asked for', async () => {
    const store = openStore(folder.path, clock);
    const first = sell(store);
    const { file } = await backUp();
    const second = sell(store);
    const refusedWhileOpen = await restore(file, { folder: folder.path, replace: true });
    expect(refusedWhileOpen.ok ? 'restored' : refusedWhileOpen.error.code).toBe('store-locked');
    store.close();
    const refused = await restore(file, { folder: folder.path });
    expect(refused.ok ? 'restored' : refused.error.code).toBe('restore-folder-used');
    const done = await restore(file, { folder: folder.path, replace: true });
    if (!done.ok) throw new Error(done.error.code);
    const again = openStore(folder.path, clock);
    expect(again.saleByNumber(first)).toBeDefined();
    expect(again.saleByNumber(second)).toBeUndefined();
    again.close();
    const kept = openStore(done.value.keptIn ?? '', clock);
    expect(kept.saleByNumber(second)).toBeDefined();
    kept.close();
  });

  test('another key, a newer program, a changed copy or manifest and another terminal are refused; nothing is touched', async () => {
    const store = openStore(folder.path, clock);
    sell(store);
    store.close();
    const { file } = await backUp();
    const codeOf = (result: Awaited<ReturnType<typeof restore>>) =>
      result.ok ? 'restored' : result.error.code;
    expect(codeOf(await restore(file, { sealKey: new Uint8Array(32).fill(1) }))).toBe('store-key-wrong');
    expect(codeOf(await restore(file, { terminal: '02' }))).toBe('backup-damaged');
    expect(codeOf(await restore(join(backups(), 'none.backup')))).toBe('backup-damaged');
    const manifest = `${file}.json`;
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace(/"atMs": \d+/, '"atMs": 1'));
    expect(codeOf(await restore(file))).toBe('backup-damaged');
    writeFileSync(manifest, text.slice(0, 40));
    expect(codeOf(await restore(file))).toBe('backup-damaged');
    writeFileSync(manifest, text);
    const byte = readFileSync(file).subarray(5_000, 5_001);
    overwrite(file, 5_000, Uint8Array.of((byte[0] ?? 0) ^ 1));
    expect(codeOf(await restore(file))).toBe('backup-damaged');
    overwrite(file, 5_000, byte);
    expect(existsSync(target())).toBe(false);
    expect(codeOf(await restore(manifest))).toBe('restored');
  });

  test('cut off between taking the old away and putting the new in place, no empty till opens; a second try ends it', async () => {
    const store = openStore(folder.path, clock);
    const number = sell(store);
    const { file } = await backUp();
    store.close();
    writeFileSync(join(folder.path, restoringFile), '{}');
    renameSync(join(folder.path, recordsFile), join(folder.path, 'aside.db'));
    const opened = openTillStore({ folder: folder.path, terminal: '01', clock, sealKey: testSealKey });
    expect(opened.ok ? 'opened' : opened.error.code).toBe('restore-unfinished');
    expect(existsSync(join(folder.path, recordsFile))).toBe(false);
    expect((await restore(file, { folder: folder.path })).ok).toBe(false);
    expect((await restore(file, { folder: folder.path, replace: true })).ok).toBe(true);
    const again = openStore(folder.path, clock);
    expect(again.saleByNumber(number)).toBeDefined();
    again.close();
  });
});
