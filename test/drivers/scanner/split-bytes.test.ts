import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { BYTES_MAX, scanText } from '#drivers/scanner/scan-text';
import { serialScanner } from '#drivers/scanner/serial';
import { emptySplit, endByPause, pauseMs, type SplitState, splitBytes } from '#drivers/scanner/split-bytes';
import { memoryCable } from '#drivers/serial/memory';

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** All scans of these chunks, and the state that they leave. */
function feed(chunks: readonly Uint8Array[], start: SplitState = emptySplit) {
  let state = start;
  const scans: (string | undefined)[] = [];
  for (const chunk of chunks) {
    const step = splitBytes(state, chunk);
    state = step.state;
    for (const scan of step.scans) scans.push(scan && Buffer.from(scan).toString('latin1'));
  }
  return { scans, state };
}

describe('where one scan ends and the next begins', () => {
  test.each([
    ['CR', '123\r456\r'],
    ['LF', '123\n456\n'],
    ['CR LF', '123\r\n456\r\n'],
    ['ETX', '\u0002123\u0003\u0002456\u0003'],
  ])('%s ends a scan', (_name, text) => {
    expect(feed([bytes(text)])).toMatchObject({ scans: ['123', '456'], state: { bytes: [] } });
  });

  test('a burst cut anywhere into chunks gives the same scans', () => {
    const whole = bytes('6901234567892\r\n81234567890123456789\r\nG0001\r\n');
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(feed([whole.subarray(0, cut), whole.subarray(cut)]).scans).toEqual([
        '6901234567892',
        '81234567890123456789',
        'G0001',
      ]);
    }
  });

  test('without an end a pause ends it; where ends are marked the pause must be long', () => {
    const open = feed([bytes('690'), bytes('123')]).state;
    expect(pauseMs(open)).toBe(90);
    expect(endByPause(open).scans.map(String)).toEqual([String(Uint8Array.from(bytes('690123')))]);
    expect(pauseMs(feed([bytes('1\r690')]).state)).toBe(600);
    expect(endByPause(emptySplit).scans).toEqual([]);
  });

  test('too many bytes without an end are one lost scan, and the next one is whole', () => {
    const flood = bytes('7'.repeat(BYTES_MAX + 3));
    const { scans, state } = feed([flood]);
    expect(scans).toEqual([]);
    expect(feed([bytes('7\r6901234567892\r')], state).scans).toEqual([undefined, '6901234567892']);
    expect(endByPause(state).scans).toEqual([undefined]);
  });

  const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 1_000_000);
  test(`any bytes keep the memory bounded and lose no ended scan (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 12 }), (chunks) => {
        const { scans, state } = feed(chunks);
        expect(state.bytes.length).toBeLessThanOrEqual(BYTES_MAX);
        for (const scan of scans) expect(scan ?? 'lost').not.toBe('');
        expect(feed([bytes('\rG0001\r')], state).scans.at(-1)).toBe('G0001');
      }),
      { numRuns: 300, seed },
    );
  });
});

describe('the text of a scan', () => {
  test('only GS stays of the control characters', () => {
    expect(scanText(bytes('\u001b]d2010\u001d21X\u0000'))).toEqual({ ok: true, value: ']d2010\u001d21X' });
    expect(scanText(bytes('\u0000\u0007 '))).toEqual({ ok: true, value: undefined });
  });

  test('more than 512 characters, or bytes of no known text, are an error without the text', () => {
    expect(scanText(bytes('7'.repeat(513)))).toEqual({ ok: false, error: '513 characters' });
    expect(scanText(Uint8Array.from([0xff, 0x36, 0xff]))).toEqual({
      ok: false,
      error: 'neither UTF-8 nor GB18030',
    });
  });
});

test('an unmarked scan is ended after exactly its pause, and one cut off by an unplug is forgotten', async () => {
  const clock = new ManualClock(0);
  let send: (bytes: Uint8Array) => void = () => undefined;
  const cable = memoryCable((sender) => {
    send = sender;
    return { receive: () => undefined, end: () => undefined };
  });
  const address = { path: 'memory', baudRate: 9600, flow: 'none' } as const;
  const scanner = serialScanner({ address, clock, opener: cable.opener });
  const texts: string[] = [];
  // The cable hands bytes over in the next turn; the clock must not move before.
  const arrive = async (chunk: Uint8Array) => {
    send(chunk);
    await clock.advance(0);
  };
  scanner.onScan((text) => texts.push(text));
  await scanner.start();
  await arrive(bytes('690123'));
  await clock.advance(60);
  await arrive(bytes('4567892'));
  await clock.advance(89);
  expect(texts).toEqual([]);
  await clock.advance(1);
  expect(texts).toEqual(['6901234567892']);
  await arrive(bytes('690'));
  await clock.advance(1);
  cable.setPlugged(false);
  cable.setPlugged(true);
  await clock.advance(1_000);
  await arrive(bytes('G0001\r'));
  await clock.advance(1);
  expect(texts).toEqual(['6901234567892', 'G0001']);
  await scanner.stop();
});
