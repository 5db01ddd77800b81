import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Anchors } from '#checkout/anchors';
import { JournalDesk } from '#checkout/journal-desk';
import type { CheckoutParts } from '#checkout/parts';
import { parseConfig } from '#core/config/parse';
import type { JournalEntry } from '#core/domain/journal';
import { headSignatureFits } from '#core/domain/journal-head';
import { ManualClock } from '#core/manual-clock';
import { FakeKeyStore } from '#drivers/key-store/fake';
import type { KeyStorePort } from '#drivers/key-store/port';
import type { SqliteStore } from '#store/sqlite-store';
import { parseAnchor } from '#store/verify/anchor';
import { signatureOf as readSignature } from '#store/verify/facts';
import { journalFiles } from '#store/verify/files';
import { liveShift, tamper } from '../../helpers/tampered.ts';
import { morningMs, newFolder, openStore } from '../../helpers/till-records.ts';

const clock = new ManualClock(morningMs);
let folder: ReturnType<typeof newFolder>;
let outside: string;
let store: SqliteStore;
let keyStore: KeyStorePort;
let desk: JournalDesk;

beforeEach(() => {
  folder = newFolder();
  outside = mkdtempSync(join(tmpdir(), 'guitai-anchors-'));
  keyStore = new FakeKeyStore({ clock });
  begin();
});
afterEach(async () => {
  await desk.stop(false);
  store.close();
  folder.remove();
  rmSync(outside, { recursive: true, force: true });
});

function parts(): CheckoutParts {
  const config = parseConfig(
    `[journal]\nanchor_folder = "${outside}"\nanchor_minutes = 5\nanchor_sales = 3\n`,
    {},
  );
  if (!config.ok) throw new Error(config.error.detail);
  const quiet = () => undefined;
  const { institution_code: institution, terminal } = config.value.shop;
  const used = {
    config: config.value,
    clock,
    store,
    keyStore,
    log: { info: quiet, warn: quiet, error: quiet },
    journalFiles: journalFiles({
      anchorFolder: outside,
      reportFolder: join(folder.path, 'reports'),
      institution,
      terminal,
    }),
  } satisfies Partial<CheckoutParts>;
  // Only these parts have to do with the journal.
  return used as unknown as CheckoutParts;
}

function begin(): void {
  store = openStore(folder.path, clock);
  desk = new JournalDesk(parts());
}

function signed(): readonly JournalEntry[] {
  return store.journal(1, 1000).filter(({ kind }) => kind === 'journal-signed');
}

function anchorOnDisk() {
  const [name, ...more] = readdirSync(outside).filter((file) => file.endsWith('.anchor.json'));
  expect(more).toEqual([]);
  const parsed = parseAnchor(readFileSync(join(outside, name ?? ''), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return parsed.value;
}

describe('at the close of a shift', () => {
  test('the head is signed with the terminal key, anchored outside, and the day is reported', async () => {
    liveShift(store, clock);
    const before = store.journalHead();
    await desk.closeShift();
    await desk.stop(false);
    const [event, ...more] = signed();
    expect(more).toEqual([]);
    const read = event === undefined ? undefined : readSignature(event);
    expect(read?.head).toMatchObject(before);
    expect(read?.signature?.keyId).toBe(keyStore.current()?.keyId);
    if (read?.signature === undefined) throw new Error('signed');
    expect(headSignatureFits(read.head, read.signature)).toBe(true);
    const { latest, earlier } = anchorOnDisk();
    expect(latest.head).toMatchObject(store.journalHead());
    expect(earlier.map(({ head }) => head.sequence)).toEqual([before.sequence]);
    const report = join(folder.path, 'reports', 'day-2026-03-02-01.json');
    expect(parseAnchor(readFileSync(report, 'utf8'))).toMatchObject({ ok: true });
    const text = readFileSync(report, 'utf8');
    expect(text).toContain('应收职工基本医疗保险统筹基金');
    expect(parseAnchor(text.replace('"sum": "0.00"', '"sum": "1.00"')).ok).toBe(false);
    expect((await new JournalDesk(parts()).verifyWhole()).findings).toEqual([]);
  });

  test('without a key that signs the shift closes all the same, and the event says why', async () => {
    const key = keyStore.current()?.keyId ?? '';
    expect((await keyStore.mark(key, 'revoked')).ok).toBe(true);
    liveShift(store, clock);
    await desk.closeShift();
    expect(signed().map(({ facts }) => JSON.parse(facts))).toMatchObject([
      { at: 'shift-close', unsigned: expect.stringMatching(/^key-(none|revoked)$/) },
    ]);
    const verified = await desk.verifyWhole();
    expect(verified).toMatchObject({ findingCount: 0, signatures: { good: 0, unsigned: 1, signedUpTo: 0 } });
  });
});

describe('a program that ends in the middle of a shift', () => {
  test('signs what it has; the next start has nothing to add', async () => {
    liveShift(store, clock);
    await desk.stop(true);
    expect(signed().map(({ facts }) => JSON.parse(facts).at)).toEqual(['stop']);
    store.close();
    begin();
    desk.start(true);
    await desk.stop(false);
    expect(signed()).toHaveLength(1);
  });

  test('killed before it could, leaves a stretch that the next start signs and says to be late', async () => {
    liveShift(store, clock);
    store.close();
    begin();
    desk.start(true);
    await desk.stop(false);
    expect(signed().map(({ facts }) => JSON.parse(facts).at)).toEqual(['next-start']);
  });
});

describe('anchors while selling', () => {
  test('are written after so many sales and after so many minutes, and not in between', async () => {
    desk.start(false);
    liveShift(store, clock);
    desk.anchors.saleDelivered();
    desk.anchors.saleDelivered();
    await desk.anchors.idle();
    expect(readdirSync(outside)).toEqual([]);
    desk.anchors.saleDelivered();
    await desk.anchors.idle();
    expect(anchorOnDisk().latest.head).toMatchObject(store.journalHead());
    liveShift(store, clock);
    expect(anchorOnDisk().latest.head.sequence).toBeLessThan(store.journalHead().sequence);
    clock.advance(5 * 60_000);
    await desk.anchors.idle();
    expect(anchorOnDisk().latest.head).toMatchObject(store.journalHead());
  });

  test('a folder that is gone costs a warning, and the next write finds it again', async () => {
    desk.start(false);
    liveShift(store, clock);
    rmSync(outside, { recursive: true, force: true });
    const blocked = new Anchors(
      {
        ...parts(),
        journalFiles: journalFiles({
          anchorFolder: join(folder.path, 'till.db', 'nowhere'),
          reportFolder: folder.path,
          institution: 'P99010000001',
          terminal: '01',
        }),
      },
      () => ({ institution: 'P99010000001', terminal: '01', day: '2026-03-02', ...store.journalHead() }),
    );
    blocked.write();
    await blocked.idle();
    expect(blocked.fault?.code).toBe('journal-anchor-unwritable');
    desk.anchors.write();
    await desk.anchors.idle();
    expect(desk.anchors.fault).toBeUndefined();
    expect(anchorOnDisk().latest.head).toMatchObject(store.journalHead());
  });

  test('one that does not fit the journal is set aside and never overwritten: an old file was put back', async () => {
    liveShift(store, clock);
    await desk.closeShift();
    await desk.stop(false);
    const kept = readFileSync(join(outside, readdirSync(outside)[0] ?? ''), 'utf8');
    store.close();
    tamper(folder.path, (db) => {
      for (const table of ['journal', 'ledger']) db.exec(`DELETE FROM ${table} WHERE sequence > 10`);
      db.exec(
        'DELETE FROM balances; INSERT INTO balances SELECT account, SUM(amount) FROM ledger GROUP BY account',
      );
    });
    begin();
    desk.start(false);
    await desk.anchors.idle();
    const [aside] = await desk.anchors.differences();
    expect(aside).toMatch(/set-aside/);
    expect(readFileSync(join(outside, aside ?? ''), 'utf8')).toBe(kept);
    expect(existsSync(join(outside, aside ?? ''))).toBe(true);
    expect(anchorOnDisk().latest.head).toMatchObject({ sequence: 10 });
  });
});
