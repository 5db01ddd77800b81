import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { takeBackup } from '#store/backup/take';
import { settlementIntended, settlementSucceeded } from '#store/records/settlement';
import { reserveFile } from '#store/reserve';
import type { SqliteStore } from '#store/sqlite-store';
import {
  cashier,
  institution,
  morningMs,
  newFolder,
  openSale,
  openStore,
  refusedWith,
  requestOf,
  settlementOf,
  testSealKey,
} from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
const reserveBytes = 2 * 1024 * 1024;
/** A file system of its own, so that "no space left" is real. */
const disk = newFolder();
const mounted = mount();

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk.path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

afterAll(() => {
  if (mounted) execFileSync('umount', [disk.path]);
  disk.remove();
});

/** Fills the disk to the last byte. */
function fillDisk(): void {
  for (let size = 1024 * 1024, count = 0; size >= 512; ) {
    try {
      writeFileSync(join(disk.path, `ballast-${size}-${count}`), Buffer.alloc(size, 1));
      count += 1;
    } catch {
      size /= 2;
    }
  }
}

function freeDisk(): void {
  for (const name of readdirSync(disk.path))
    if (name.startsWith('ballast')) rmSync(join(disk.path, name), { force: true });
}

describe.skipIf(!mounted)('a disk with no space left', () => {
  let folder: string;
  let store: SqliteStore;
  let count = 0;

  beforeAll(() => mkdirSync(disk.path, { recursive: true }));
  beforeEach(() => {
    count += 1;
    folder = join(disk.path, `till-${count}`);
    store = openStore(folder, clock, { reserveBytes });
  });
  afterEach(() => {
    store.close();
    freeDisk();
    rmSync(folder, { recursive: true, force: true });
  });

  function intended() {
    const sale = openSale(store, morningMs);
    const messageId = store.nextMessageId(institution, morningMs);
    const message = { messageId, body: '{"input":{}}', preparedAtMs: morningMs };
    const step = { nowMs: morningMs, operator: cashier.number };
    store.commit(settlementIntended({ sale, request: requestOf(sale), message, ...step }));
    return { saleId: sale.saleId, messageId };
  }

  function answered({ saleId, messageId }: ReturnType<typeof intended>, padding = 0): void {
    const sale = store.sale(saleId);
    if (sale === undefined) throw new Error('stored');
    const answer = JSON.stringify({ infcode: 0, padding: 'x'.repeat(padding) });
    const settlement = settlementOf(sale, morningMs);
    store.commit(
      settlementSucceeded({
        sale,
        messageId,
        answer,
        settlement,
        nowMs: morningMs,
        operator: cashier.number,
      }),
    );
  }

  test('the reserve is really written, and closed to others', () => {
    const { size, blocks, mode } = statSync(join(folder, reserveFile));
    expect(size).toBe(reserveBytes);
    expect(blocks * 512).toBeGreaterThanOrEqual(reserveBytes);
    expect(mode & 0o077).toBe(0);
    expect(store.disk()).toMatchObject({ reserve: 'held' });
  });

  test('the outcome of a running sale is written in the room of the reserve; new sales wait until there is room', () => {
    const running = [intended(), intended(), intended()];
    const { bavail, bsize } = statfsSync(disk.path);
    expect(bavail * bsize).toBeGreaterThan(0);
    fillDisk();
    // Long answers: what is left in the log's last pages is not enough for them.
    for (const one of running) answered(one, 40_000);
    for (const { saleId } of running) expect(store.sale(saleId)?.state).toBe('done');
    expect(existsSync(join(folder, reserveFile))).toBe(false);
    expect(store.disk()).toMatchObject({ reserve: 'given-up' });
    expect(refusedWith(() => openSale(store, morningMs))).toBe('disk-low');
    const slip = store.slips(['owed'])[0];
    store.setSlip(slip?.slipId ?? '', ['owed'], 'printing', morningMs);

    freeDisk();
    expect(refusedWith(() => intended())).toBe('done');
    expect(store.disk()).toMatchObject({ reserve: 'held' });
    store.close();
    store = openStore(folder, clock, { reserveBytes });
    expect(store.verifyJournal().brokenAt).toBeUndefined();
    for (const { saleId } of running) expect(store.sale(saleId)?.state).toBe('done');
  });

  test('a sale that is only begun is refused before any money moves, and does not take the reserve', () => {
    const sale = openSale(store, morningMs);
    const messageId = store.nextMessageId(institution, morningMs);
    fillDisk();
    const message = {
      messageId,
      body: JSON.stringify({ input: 'x'.repeat(60_000) }),
      preparedAtMs: morningMs,
    };
    const step = { nowMs: morningMs, operator: cashier.number };
    const change = settlementIntended({ sale, request: requestOf(sale), message, ...step });
    expect(refusedWith(() => store.commit(change))).toMatch(/^store-(disk-full|write-failed)$/);
    expect(store.sale(sale.saleId)?.state).toBe('open');
    expect(store.message(messageId)).toBeUndefined();
    expect(store.disk()).toMatchObject({ reserve: 'held' });
  });

  test('a backup to a full disk fails with its code and leaves no half', async () => {
    intended();
    const to = join(disk.path, `backups-${count}`);
    mkdirSync(to, { mode: 0o700 });
    fillDisk();
    const taken = await takeBackup({ folder, to, terminal: '01', clock, sealKey: testSealKey });
    expect(taken.ok ? 'taken' : taken.error.code).toBe('store-disk-full');
    expect(readdirSync(to).filter((name) => !name.startsWith('.'))).toEqual([]);
    freeDisk();
    const again = await takeBackup({ folder, to, terminal: '01', clock, sealKey: testSealKey });
    expect(again.ok ? 'taken' : again.error.code).toBe('taken');
    expect(readdirSync(to)).toHaveLength(2);
    rmSync(to, { recursive: true, force: true });
  });
});

describe('records that may not grow', () => {
  test('without a reserve the last sale is refused as a whole, as before', () => {
    const folder = newFolder();
    const store = openStore(folder.path, clock, { maxBytes: 400_000 });
    let refused = '';
    for (let count = 0; count < 500 && refused === ''; count += 1) {
      const code = refusedWith(() => openSale(store, morningMs));
      if (code !== 'done') refused = code;
    }
    expect(refused).toBe('store-disk-full');
    expect(store.disk().reserve).toBe('none');
    store.close();
    folder.remove();
  });
});
