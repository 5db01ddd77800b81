import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { retryAfter } from '#agency/http-link';
import { fault } from '#core/fault';
import { ManualClock } from '#core/manual-clock';
import { Pace } from '#sync/pace';
import { ScriptedAgency } from '../../helpers/scripted-agency.ts';
import { TillProcess } from '../../helpers/till-process.ts';
import { morningMs, newFolder } from '../../helpers/till-records.ts';

const options = { random: () => 0.5, uploadRandomStartMs: 30_000, uploadBatch: 3, uploadPauseMs: 500 };
const answered = { kind: 'success', value: undefined, answer: '', warnings: [] } as const;
const unanswered = (retryAfterMs?: number) =>
  ({
    kind: 'unknown',
    fault: fault('agency-no-answer'),
    lastByteAtMs: 0,
    answer: '',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }) as const;

describe('the pace of the queue', () => {
  let clock: ManualClock;
  let pace: Pace;
  beforeEach(() => {
    clock = new ManualClock(morningMs);
    pace = new Pace(clock, options);
  });

  test('a link that was always there makes nobody wait', () => {
    pace.link(true);
    expect([pace.waitMs(), pace.atOnce(8)]).toEqual([0, 8]);
  });

  test('after an outage it begins at a random moment, with one careful try before many', async () => {
    pace.link(false);
    pace.link(true);
    expect([pace.waitMs(), pace.atOnce(8)]).toEqual([15_000, 1]);
    await clock.advance(15_000);
    expect([pace.waitMs(), pace.atOnce(8)]).toEqual([0, 1]);
    pace.learned(answered);
    expect(pace.atOnce(8)).toBe(8);
    pace.learned(unanswered());
    expect(pace.atOnce(8)).toBe(1);
  });

  test('by hand it begins at once', () => {
    pace.link(false);
    pace.link(true);
    pace.byHand();
    expect(pace.waitMs()).toBe(0);
  });

  test('asked for by hand while the agency is out of reach, it begins as soon as the link is back, that once', () => {
    pace.link(false);
    pace.byHand();
    pace.link(true);
    expect(pace.waitMs()).toBe(0);
    pace.link(false);
    pace.link(true);
    expect(pace.waitMs()).toBe(15_000);
  });

  test('a batch is followed by a pause', async () => {
    for (let count = 0; count < 3; count += 1) {
      expect(pace.waitMs()).toBe(0);
      pace.began();
    }
    expect(pace.waitMs()).toBe(500);
    await clock.advance(500);
    expect(pace.waitMs()).toBe(0);
  });

  test('what the agency asks for counts for everybody, also by hand, and a shorter wish never shortens it', async () => {
    pace.learned(unanswered(60_000));
    pace.learned(unanswered(1_000));
    pace.byHand();
    expect([pace.toldMs(), pace.waitMs()]).toEqual([60_000, 60_000]);
    await clock.advance(59_999);
    expect(pace.toldMs()).toBe(1);
  });
});

describe('the header Retry-After', () => {
  const nowMs = Date.parse('Mon, 02 Mar 2026 01:00:00 GMT');
  test.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['0', 0],
    ['999999', 3_600_000],
    ['Mon, 02 Mar 2026 01:00:30 GMT', 30_000],
    ['Mon, 02 Mar 2026 00:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', 0],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, waitMs) => {
    expect(retryAfter(header, nowMs)).toBe(waitMs);
  });
});

describe('a terminal whose link comes back', () => {
  let folder: ReturnType<typeof newFolder>;
  let clock: ManualClock;
  let agency: ScriptedAgency;
  let till: TillProcess;
  const start = (more: Partial<typeof options>) => {
    till = new TillProcess(folder.path, clock, agency, { ...options, uploadBatch: 100_000, ...more });
    till.usable = false;
    till.sync.kick();
    for (let card = 0; card < 12; card += 1) till.sellOffline(`card-${card}`);
  };
  beforeEach(() => {
    folder = newFolder();
    clock = new ManualClock(morningMs);
    agency = new ScriptedAgency(clock);
  });
  afterEach(() => {
    till.kill();
    folder.remove();
  });
  const standing = () => agency.charges.length;

  test('waits its random time, then uploads everything by itself', async () => {
    start({});
    till.usable = true;
    till.sync.kick();
    await clock.advance(14_000);
    expect(standing()).toBe(0);
    await clock.advance(5_000);
    expect(standing()).toBe(12);
    expect(till.store.uploadCounts()).toEqual({ waiting: 0, rejected: 0, toNote: 0, carried: 0 });
  });

  test('pauses after each batch and tells how far it is', async () => {
    start({ uploadRandomStartMs: 0, uploadBatch: 5, uploadPauseMs: 10_000 });
    till.usable = true;
    till.sync.kick();
    await clock.advance(1_000);
    expect(standing()).toBe(5);
    expect(till.sync.uploadProgress()).toMatchObject({ total: 12, done: 5 });
    await clock.advance(10_000);
    expect(standing()).toBe(10);
    await clock.advance(10_000);
    expect(standing()).toBe(12);
    expect(till.sync.uploadProgress()).toBeUndefined();
  });
});
