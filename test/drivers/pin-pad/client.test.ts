import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { toHex } from '#core/hex';
import type { PadKey } from '#core/training';
import { readPadKey } from '#drivers/pin-pad/key-file';
import { cablePinPad } from '#drivers/pin-pad/serial';
import { memoryCable } from '#drivers/serial/memory';
import { VirtualPinPad, type VirtualPinPadOptions } from '#simulators/pin-pad/virtual-pad';
import { until } from '../../helpers/serial-peer.ts';

const key = Uint8Array.from({ length: 16 }, (_, index) => 0x30 + index);
const clock = systemClock;
const timings = { retryMs: 50, probeEveryMs: 300, answerMs: 800, graceMs: 500 };
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A pad on a cable on which somebody listens and may add or change bytes. */
async function tapped(more: Partial<VirtualPinPadOptions> = {}) {
  const pad = new VirtualPinPad({ transportKey: key, clock, ...more });
  const wire: Uint8Array[] = [];
  let inject: (bytes: Uint8Array) => void = () => undefined;
  let device: (bytes: Uint8Array) => void = () => undefined;
  let drop: (bytes: Uint8Array) => boolean = () => false;
  const cable = memoryCable((send) => {
    inject = send;
    const far = pad.connect((bytes) => {
      wire.push(Uint8Array.from(bytes));
      if (!drop(bytes)) send(bytes);
    });
    device = (bytes) => far.receive(bytes);
    return {
      receive: (bytes) => {
        wire.push(Uint8Array.from(bytes));
        far.receive(bytes);
      },
      end: () => far.end(),
    };
  });
  const terminal = cablePinPad({ opener: cable.opener, address: 'virtual:pad', key, clock, ...timings });
  ends.push(() => terminal.stop());
  await terminal.start();
  return {
    pad,
    terminal,
    wire,
    /** Bytes for the terminal, and for the pad, that the other did not send. */
    inject: (bytes: Uint8Array) => inject(bytes),
    device: (bytes: Uint8Array) => device(bytes),
    dropIf: (rule: (bytes: Uint8Array) => boolean) => {
      drop = rule;
    },
  };
}

type Tapped = Awaited<ReturnType<typeof tapped>>;

function press(pad: VirtualPinPad, digits: string): void {
  for (const digit of digits) pad.press(digit as PadKey);
  pad.press('enter');
}

async function enter({ pad, terminal }: Tapped, digits: string, challenge?: Uint8Array) {
  const request = {
    purpose: 'verify',
    timeoutMs: 5_000,
    ...(challenge === undefined ? {} : { challenge }),
  } as const;
  const answer = terminal.enterPin(request);
  await until(() => pad.asking, 'the pad asked');
  press(pad, digits);
  return answer;
}

const commandOf = (bytes: Uint8Array) => (bytes[0] === 2 ? bytes[4] : undefined);

test('a listener on the wire never sees the PIN, nor the same bytes twice for the same PIN', async () => {
  const line = await tapped();
  const digits = '271828';
  const first = await enter(line, digits);
  expect(first.ok && first.value.kind === 'pin' && toHex(first.value.pin.bytes())).toBe('271828');
  expect((await enter(line, digits, new Uint8Array(8).fill(9))).ok).toBe(true);
  expect((await enter(line, digits)).ok).toBe(true);
  const all = Buffer.concat(line.wire);
  const forms = [
    Buffer.from(digits),
    Buffer.from(digits, 'utf16le'),
    Buffer.from(digits, 'hex'),
    Buffer.from([...digits].map(Number)),
  ];
  for (const form of forms) expect(all.includes(form)).toBe(false);
  // Secret of each RESULT: behind STX, length, sequence, command, counter, entry and outcome.
  const secrets = line.wire
    .filter((bytes) => commandOf(bytes) === 0x90)
    .map((bytes) => toHex(bytes.slice(12, 28)));
  expect(secrets).toHaveLength(3);
  expect(new Set(secrets).size).toBe(3);
  expect(inspect(first, { depth: 9, showHidden: true })).not.toContain(digits);
});

test('a RESULT that was recorded and is played again never becomes an entry', async () => {
  const line = await tapped();
  await enter(line, '1234');
  const recorded = line.wire.find((bytes) => commandOf(bytes) === 0x90);
  if (recorded === undefined) throw new Error('no RESULT on the wire');
  const answer = line.terminal.enterPin({ purpose: 'verify', timeoutMs: 5_000 });
  await until(() => line.pad.asking, 'the pad asked');
  line.inject(recorded);
  press(line.pad, '9876');
  const entry = await answer;
  expect(entry.ok && entry.value.kind === 'pin' && toHex(entry.value.pin.bytes())).toBe('9876');
});

test('a frame with a sound CRC and a wrong MAC ends the entry as garbled, and the next one works', async () => {
  const line = await tapped();
  const { encodeFrame } = await import('#drivers/pin-pad/frames');
  const answer = line.terminal.enterPin({ purpose: 'verify', timeoutMs: 5_000 });
  await until(() => line.pad.asking, 'the pad asked');
  for (let sequence = 0; sequence < 256; sequence += 1)
    line.inject(encodeFrame({ sequence, command: 0x90, payload: new Uint8Array(39).fill(1) }));
  expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-garbled' } });
  await until(() => line.terminal.state().kind === 'ready', 'a new session began');
  expect(await enter(line, '4711')).toMatchObject({ ok: true });
});

test('lost and damaged frames of both sides are repeated and the entry comes through', async () => {
  const line = await tapped();
  let count = 0;
  line.dropIf(() => {
    count += 1;
    return count % 3 === 0;
  });
  line.pad.garble(1);
  expect(await enter(line, '1357')).toMatchObject({ ok: true, value: { kind: 'pin' } });
});

test('a slow pad is waited for', async () => {
  const line = await tapped();
  line.pad.setSlow(60);
  expect(await enter(line, '2468')).toMatchObject({ ok: true });
});

test('a pad with another transport key is told as such and gets no entry', async () => {
  const line = await tapped({ transportKey: new Uint8Array(16).fill(1) });
  expect(line.terminal.state()).toMatchObject({ kind: 'fault', fault: { code: 'pin-pad-key-wrong' } });
  const answer = await line.terminal.enterPin({ purpose: 'verify', timeoutMs: 1_000 });
  expect(answer).toMatchObject({ ok: false, error: { code: 'pin-pad-key-wrong' } });
  expect(line.pad.asking).toBe(false);
});

test('a pad that cannot make card blocks gets no challenge and answers digits', async () => {
  const line = await tapped({ makesCardBlocks: false });
  const entry = await enter(line, '1122', new Uint8Array(8));
  expect(entry).toMatchObject({ ok: true, value: { kind: 'pin' } });
});

test('the pad tells serial and firmware, shows text and beeps', async () => {
  const { pad, terminal } = await tapped({ serial: 'VP990001', firmware: '2.3' });
  expect(terminal.state()).toEqual({ kind: 'ready', detail: 'VP990001 2.3' });
  expect(await terminal.display('应付 12.50', '请出示社保卡')).toBe(true);
  expect(await terminal.beep(2)).toBe(true);
  await until(() => pad.beeps === 2, 'it beeped');
  expect(pad.screen).toEqual(['应付 12.50', '请出示社保卡']);
});

test('a result that comes after the terminal cancelled is not even deciphered: cancelled', async () => {
  const line = await tapped();
  const answer = line.terminal.enterPin({ purpose: 'verify', timeoutMs: 5_000 });
  await until(() => line.pad.asking, 'the pad asked');
  const cancelled = line.terminal.cancel();
  press(line.pad, '1234');
  await cancelled;
  expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-cancelled' } });
});

test('rubbish on the line in any amount: the entry ends with a code, no memory grows, the next entry works', async () => {
  const line = await tapped();
  const seed = Date.now() % 1_000_000;
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state >> 8;
  };
  const rubbish = () => {
    const bytes = Uint8Array.from({ length: random() % 600 }, () => random() & 0xff);
    // Beginnings that make a parser wait for more.
    if (bytes.length > 3 && random() % 3 === 0) bytes.set([2, 2, random() & 1], bytes.length - 3);
    return bytes;
  };
  for (let round = 0; round < 4; round += 1) {
    const answer = line.terminal.enterPin({ purpose: 'verify', timeoutMs: 1_000 });
    for (let piece = 0; piece < 60; piece += 1) {
      line.inject(rubbish());
      line.device(rubbish());
    }
    const entry = await answer;
    const codes = ['pin-pad-garbled', 'pin-pad-missing', 'pin-pad-timeout'];
    expect(codes, `seed ${seed}`).toContain(entry.ok ? 'an entry' : entry.error.code);
    await until(() => line.terminal.state().kind === 'ready', `seed ${seed}: the pad came back`);
  }
  expect(await enter(line, '8642')).toMatchObject({ ok: true });
});

test('the key file is read when it is private and sound, and refused otherwise', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-key-'));
  const path = join(folder, 'pad.key');
  const write = (text: string, mode = 0o600) => {
    writeFileSync(path, text);
    chmodSync(path, mode);
    return readPadKey(path);
  };
  try {
    expect(write('000102030405060708090a0B0C0D0E0F\n')).toEqual({
      ok: true,
      value: Uint8Array.from({ length: 16 }, (_, index) => index),
    });
    const wrong = { ok: false, error: { code: 'pin-pad-key-wrong' } };
    for (const mode of [0o640, 0o604, 0o644]) expect(write('00'.repeat(16), mode)).toMatchObject(wrong);
    for (const text of ['', '00'.repeat(15), '00'.repeat(17), `${'00'.repeat(15)}0g`, '0 '.repeat(32)])
      expect(write(text)).toMatchObject(wrong);
    expect(readPadKey(join(folder, 'none'))).toMatchObject(wrong);
    expect(readPadKey(folder)).toMatchObject(wrong);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
