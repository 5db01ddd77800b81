import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessDateTime, businessDay, compactDateTime, parseBusinessDateTime } from '#core/business-time';
import { delay } from '#core/clock';
import { ManualClock } from '#core/manual-clock';

describe('business time', () => {
  test('is Shanghai time whatever the zone of the machine', () => {
    const lateInUtc = Date.UTC(2026, 10, 21, 16, 30, 5);
    expect(businessDay(lateInUtc)).toBe('2026-11-22');
    expect(businessDateTime(lateInUtc)).toBe('2026-11-22 00:30:05');
    expect(compactDateTime(lateInUtc)).toBe('20261122003005');
  });

  test('reads back what it writes, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseBusinessDateTime(businessDateTime(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  test.each(['2026-02-30 00:00:00', '2026-11-21T10:00:00', '2026-11-21 24:00:00', ''])(
    '"%s" is no date and time',
    (text) => {
      expect(parseBusinessDateTime(text)).toBeUndefined();
    },
  );
});

describe('the manual clock', () => {
  test('runs timers in the order in which they fall due', async () => {
    const clock = new ManualClock(0);
    const ran: string[] = [];
    clock.after(200, () => ran.push('b'));
    clock.after(100, () => ran.push('a'));
    const cancel = clock.after(150, () => ran.push('never'));
    cancel();
    await clock.advance(99);
    expect(ran).toEqual([]);
    await clock.advance(101);
    expect(ran).toEqual(['a', 'b']);
    expect(clock.nowMs()).toBe(200);
  });

  test('setting the wall back leaves running timers alone', async () => {
    const clock = new ManualClock(1_000_000);
    let done = false;
    void delay(clock, 50).then(() => {
      done = true;
    });
    clock.setWall(5);
    await clock.advance(50);
    expect(done).toBe(true);
    expect(clock.nowMs()).toBe(55);
    expect(clock.monotonicMs()).toBe(50);
  });
});
