import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dueMs,
  plainWedge,
  quiet,
  type WedgeEvent,
  type WedgeOptions,
  wedge,
} from '../../../src/ui/wedge.ts';

interface Trace {
  readonly scans: string[];
  /** What reached the page as typing, in order; keys that are no signs by name in brackets. */
  readonly typed: string;
  readonly repeats: number;
}

type Press = { readonly key: string; readonly gapMs: number; readonly more?: Partial<KeyPress> };
type KeyPress = Extract<WedgeEvent, { kind: 'key' }>;

/** Plays events and the timers between them, as the page does; `withhold` as in a dialog without a field. */
function play(
  events: readonly (Press | { readonly text: string; readonly gapMs: number })[],
  settings: { withhold?: boolean; inBox?: boolean; shortest?: number; options?: WedgeOptions } = {},
): Trace {
  const { withhold = false, inBox = false, shortest = 6, options = plainWedge } = settings;
  const scans: string[] = [];
  let typed = '';
  let repeats = 0;
  let state = quiet;
  let nowMs = 1_000;
  const take = (event: WedgeEvent, own: string) => {
    const step = wedge(state, event, options);
    state = step.state;
    typed += step.release;
    if (step.scan !== undefined) {
      if (step.scan.text === undefined) repeats += 1;
      else scans.push(step.scan.text);
      if (step.scan.passed) typed += '[out]';
    }
    if (step.takesBack !== undefined) {
      expect(typed.replaceAll('[Shift]', '').endsWith(step.takesBack)).toBe(true);
      typed = typed.replaceAll('[Shift]', '').slice(0, -step.takesBack.length);
    }
    if (!step.withhold) typed += own;
  };
  const until = (timeMs: number) => {
    for (let due = dueMs(state); due !== undefined && due <= timeMs; due = dueMs(state)) {
      take({ kind: 'idle', timeMs: due }, '');
    }
    nowMs = timeMs;
  };
  for (const event of events) {
    until(nowMs + event.gapMs);
    if ('text' in event) {
      take({ kind: 'text', text: event.text, timeMs: nowMs }, '');
      continue;
    }
    const { key, more } = event;
    const base = { code: '', keyCode: 0, shift: false, ctrl: false, other: false, repeat: false };
    const own = key.length === 1 ? key : `[${key}]`;
    take({ kind: 'key', key, ...base, timeMs: nowMs, withhold, inBox, shortest, ...more }, own);
  }
  until(nowMs + 1_000);
  return { scans, typed, repeats };
}

const keys = (text: string, gapMs = 8): Press[] => [...text].map((key) => ({ key, gapMs }));
const enter = (gapMs = 8): Press => ({ key: 'Enter', gapMs });
const EAN = '6901234567892';

describe('a machine that types', () => {
  test.each([
    ['Enter', enter()],
    ['Tab', { key: 'Tab', gapMs: 8 }],
    ['the Enter of the number block', { key: 'NumpadEnter', gapMs: 8 }],
  ])('a burst ended by %s is a scan, and the end goes no further', (_name, end) => {
    expect(play([...keys(EAN), end], { withhold: true })).toEqual({ scans: [EAN], typed: '', repeats: 0 });
  });

  test('a burst without an end is a scan after a pause', () => {
    expect(play(keys(EAN), { withhold: true })).toMatchObject({ scans: [EAN], typed: '' });
  });

  test('what went into a field is taken out again', () => {
    expect(play([...keys(EAN), enter()]).typed).toBe(`${EAN}[out]`);
  });

  test("in the till's own field nothing of a burst of digits is ever shown", () => {
    expect(play([...keys(EAN), enter()], { inBox: true })).toEqual({ scans: [EAN], typed: '', repeats: 0 });
    expect(play(keys(EAN), { inBox: true })).toMatchObject({ scans: [EAN], typed: '' });
    const begun: Press[] = [...keys('amx', 100), { key: '6', gapMs: 400 }, ...keys(EAN.slice(1))];
    expect(play(begun, { inBox: true })).toMatchObject({ scans: [EAN], typed: 'amx' });
  });

  test('of another burst the first key is, and is taken out before the last has come', () => {
    const code = `W${EAN}`;
    expect(play([...keys(code), enter()], { inBox: true })).toEqual({ scans: [code], typed: '', repeats: 0 });
  });

  test('a digit that a person types waits a moment, stays before what follows, and is there for the next key', () => {
    for (const gapMs of [60, 110, 300, 900]) {
      const typed = play([...keys('690', gapMs), enter(gapMs)], { inBox: true });
      expect(typed).toEqual({ scans: [], typed: '690[Enter]', repeats: 0 });
    }
    const key: Press[] = [{ key: '6', gapMs: 500 }];
    expect(play([...key, { key: 'Backspace', gapMs: 20 }], { inBox: true }).typed).toBe('6[Backspace]');
    expect(play(key, { inBox: true }).typed).toBe('6');
  });

  test('a burst with a pause inside is one code, wherever the pause lies', () => {
    for (let place = 1; place < EAN.length; place += 1) {
      const events = keys(EAN).map((press, index) => (index === place ? { ...press, gapMs: 180 } : press));
      expect([place, play([...events, enter(120)], { withhold: true }).scans]).toEqual([place, [EAN]]);
      expect([place, play([...events, enter(120)], { inBox: true }).scans]).toEqual([place, [EAN]]);
    }
  });

  test('letters with Shift, signs and an AIM prefix belong to the code', () => {
    const shifted = keys(']E0AB-12/34').flatMap((press) => [{ key: 'Shift', gapMs: 2 }, press]);
    expect(play([...shifted, enter()], { withhold: true }).scans).toEqual([']E0AB-12/34']);
  });

  test('FNC1 as Ctrl+] and an end as Ctrl+M are understood inside a burst only', () => {
    const ctrl = { ctrl: true };
    const burst: Press[] = [
      ...keys('010690'),
      { key: ']', gapMs: 8, more: ctrl },
      ...keys('21X'),
      { key: 'm', gapMs: 8, more: ctrl },
    ];
    expect(play(burst, { withhold: true }).scans).toEqual(['010690\u001d21X']);
    expect(play([{ key: 'm', gapMs: 500, more: ctrl }]).scans).toEqual([]);
  });

  test('prefix and suffix of the scanner are taken off', () => {
    const options = { prefix: '~', suffix: '#' };
    expect(play([...keys(`~${EAN}#`), enter()], { withhold: true, options }).scans).toEqual([EAN]);
    expect(play([...keys(EAN), enter()], { withhold: true, options }).scans).toEqual([EAN]);
  });
});

describe('scanners that stumble', () => {
  test('the same burst at once again is one scan; a second later it is another', () => {
    const burst = [...keys(EAN), enter()];
    expect(play([...burst, ...burst], { withhold: true })).toEqual({ scans: [EAN], typed: '', repeats: 1 });
    const later = [{ key: '6', gapMs: 900 }, ...keys(EAN.slice(1)), enter()];
    expect(play([...burst, ...later], { withhold: true }).scans).toEqual([EAN, EAN]);
  });

  test('a code that comes twice in one burst is halved', () => {
    expect(play([...keys(EAN + EAN), enter()], { withhold: true }).scans).toEqual([EAN]);
  });

  test('after a stop longer than a stumble the first part is typing, and only the rest may be a code', () => {
    const events = [...keys('690123'), { key: '4', gapMs: 400 }, ...keys('567892'), enter()];
    expect(play(events, { withhold: true })).toEqual({ scans: ['4567892'], typed: '690123', repeats: 0 });
  });

  test('where ends are marked a pause is none: half a code is typing and no scan', () => {
    const burst = [...keys(EAN), enter()];
    const torn = [{ key: '6', gapMs: 900 }, ...keys('90123456')];
    expect(play([...burst, ...torn], { withhold: true })).toMatchObject({ scans: [EAN], typed: '690123456' });
  });
});

describe('an input method is on', () => {
  const soft = (sign: string, gapMs = 8): Press => ({
    key: 'Process',
    gapMs,
    more: { keyCode: 229, code: /\d/.test(sign) ? `Digit${sign}` : `Key${sign.toUpperCase()}` },
  });
  const softEnd: Press = { key: 'Process', gapMs: 8, more: { keyCode: 229, code: 'Enter' } };

  test('keys that say only Process are read by their place, and their Enter is the end', () => {
    const result = play([...[...EAN].map((sign) => soft(sign)), softEnd], { withhold: true });
    expect(result.scans).toEqual([EAN]);
  });

  test('the composed text of the same keys is not counted twice', () => {
    const events = [...[...EAN].map((sign) => soft(sign)), { text: EAN, gapMs: 2 }, enter()];
    expect(play(events).scans).toEqual([EAN]);
  });

  test('text that the input method hands over after the end is no second scan', () => {
    const events = [...[...EAN].map((sign) => soft(sign)), softEnd, { text: EAN, gapMs: 300 }];
    expect(play(events)).toMatchObject({ scans: [EAN], repeats: 0 });
  });

  test('keys without a place are read from the text, full-width digits too', () => {
    const blind = { key: 'Unidentified', gapMs: 8, more: { keyCode: 229, code: '' } };
    expect(play([blind, { text: '６９０１２３４５６７８９２', gapMs: 4 }, enter()]).scans).toEqual([EAN]);
  });

  test('a word composed by a person is no scan', () => {
    const events = [...'ganmao'].map((sign) => soft(sign, 130));
    expect(play([...events, { text: '感冒', gapMs: 300 }, enter(400)]).scans).toEqual([]);
  });
});

describe('a person who types', () => {
  test('at a hundred milliseconds a key nothing is lost, late or out of order', () => {
    const events = [...keys('12 amx', 100), enter(150)];
    expect(play(events, { withhold: true })).toEqual({ scans: [], typed: '12 amx[Enter]', repeats: 0 });
    expect(play(events)).toEqual({ scans: [], typed: '12 amx[Enter]', repeats: 0 });
  });

  test('two keys that a rolling hand pressed at once stand in the field in their order', () => {
    const rolled = [...keys('a', 100), ...keys('m', 20), ...keys('x', 90), ...keys('l', 30), enter(150)];
    expect(play(rolled, { inBox: true })).toEqual({ scans: [], typed: 'amxl[Enter]', repeats: 0 });
    // Keys that only look pressed at once, because the page was busy, are not lost either.
    expect(play([...keys('amxl', 5), enter(5)], { inBox: true }).typed).toBe('amxl[Enter]');
  });

  test('quick hands with a PIN, a quantity and an amount are no scan', () => {
    const secret = { withhold: true, shortest: 8 };
    expect(play([...keys('123456', 10), enter()], secret)).toMatchObject({
      scans: [],
      typed: '123456[Enter]',
    });
    expect(play([...keys('12', 10), enter()])).toMatchObject({ scans: [], typed: '12[Enter]' });
    expect(play([...keys('1234.50', 10), enter()])).toMatchObject({ scans: [], typed: '1234.50[Enter]' });
    expect(play(keys('kouzhao', 10), { withhold: true })).toMatchObject({ scans: [], typed: 'kouzhao' });
  });

  test('a key held down is no burst', () => {
    const held = keys('1'.repeat(20), 30).map((press, index) =>
      index === 0 ? press : { ...press, more: { repeat: true } },
    );
    expect(play([...held, enter()]).scans).toEqual([]);
  });

  test('keys of the page end what was typed before they act', () => {
    const events = [...keys('12', 10), { key: 'F8', gapMs: 10 }, { key: 'Escape', gapMs: 10 }];
    expect(play(events, { withhold: true })).toMatchObject({ scans: [], typed: '12[F8][Escape]' });
  });

  const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 1_000_000);
  test(`no key is ever lost: it is typed, or part of a scan (seed ${seed})`, () => {
    const press = fc.record({
      key: fc.oneof(
        fc.constantFrom('Enter', 'Tab', 'Shift', 'F8', 'ArrowDown', 'Backspace', ' ', ']'),
        fc.stringMatching(/^[0-9a-z]$/),
      ),
      gapMs: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 31, max: 500 })),
    });
    fc.assert(
      fc.property(
        fc.array(press, { maxLength: 60 }),
        fc.boolean(),
        fc.boolean(),
        (events, withhold, inBox) => {
          const { scans, typed, repeats } = play(events, { withhold, inBox });
          if (scans.length > 0 || repeats > 0) return;
          const all = events.map(({ key }) => (key.length === 1 ? key : `[${key}]`)).join('');
          // Shift alone means nothing; it may overtake.
          expect(typed.replaceAll('[Shift]', '')).toBe(all.replaceAll('[Shift]', ''));
        },
      ),
      { numRuns: 2_000, seed },
    );
  });
});
