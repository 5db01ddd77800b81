import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DeviceState } from '#core/domain/device';
import { fromHex, toHex } from '#core/hex';
import type { PadKey } from '#core/training';
import type { PinPadPort, PinRequest } from '#drivers/pin-pad/port';
import { until } from '../helpers/serial-peer.ts';

/** What the suite may do to the pad behind a port. */
export interface PinPadSubject {
  readonly pad: PinPadPort;
  press(key: PadKey): void;
  /** Whether the pad waits for a PIN now. */
  asking(): boolean;
  entered(): number;
  shows(text: string): boolean;
  setPlugged(plugged: boolean): Promise<void> | void;
  setMute(mute: boolean): void;
  setTampered(tampered: boolean): void;
  /** Everything that the pad sends is damaged. */
  setGarbled(garbled: boolean): void;
  stop(): Promise<void>;
}

const challenge = fromHex('0102030405060708');
const request: PinRequest = { purpose: 'verify', timeoutMs: 20_000 };

function expectedBlock(digits: string): string {
  const key = createHash('sm3').update(digits).digest().subarray(0, 16);
  const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
  return toHex(cipher.update(Buffer.concat([challenge, challenge])));
}

/** Promises of every PIN pad port; the same suite runs on the fake, in process and on a pseudo-terminal. */
export function pinPadContract(name: string, start: () => Promise<PinPadSubject>): void {
  describe(`PIN pad contract: ${name}`, () => {
    const withSubject = (run: (subject: PinPadSubject) => Promise<void>) => async () => {
      const subject = await start();
      try {
        await run(subject);
      } finally {
        await subject.stop();
      }
    };
    const asked = (subject: PinPadSubject) => until(subject.asking, 'the pad asked for the PIN');
    const type = (subject: PinPadSubject, keys: string) => {
      for (const key of keys) subject.press(key as PadKey);
    };
    const ready = ({ pad }: PinPadSubject) => until(() => pad.state().kind === 'ready', 'the pad is ready');

    /** Asks, types, and answers what the port told, a PIN as hex of its BCD bytes. */
    const enter = async (subject: PinPadSubject, keys: string, more: Partial<PinRequest> = {}) => {
      const answer = subject.pad.enterPin({ ...request, ...more });
      await asked(subject);
      type(subject, keys);
      subject.press('enter');
      const entry = await answer;
      if (!entry.ok) return entry.error.code;
      return entry.value.kind === 'pin' ? toHex(entry.value.pin.bytes()) : toHex(entry.value.block);
    };

    for (const [digits, bcd] of [
      ['123456', '123456'],
      ['1234', '1234'],
      ['12345', '12345F'],
      ['000000', '000000'],
      ['123456789012', '123456789012'],
    ] as const) {
      test(
        `without a challenge ${digits} comes as a PIN of ${bcd}`,
        withSubject(async (subject) => {
          expect(await enter(subject, digits)).toBe(bcd);
        }),
      );
    }

    test(
      'with the challenge of the card the block for the card comes and no PIN',
      withSubject(async (subject) => {
        for (const digits of ['123456', '90817'])
          expect(await enter(subject, digits, { challenge })).toBe(expectedBlock(digits));
      }),
    );

    test(
      'clear begins anew, fewer than four digits are not accepted, more than twelve are ignored',
      withSubject(async (subject) => {
        const answer = subject.pad.enterPin(request);
        await asked(subject);
        type(subject, '999');
        subject.press('enter');
        expect(subject.asking()).toBe(true);
        expect(subject.entered()).toBe(3);
        subject.press('clear');
        expect(subject.entered()).toBe(0);
        type(subject, '1234567890123456');
        expect(subject.entered()).toBe(12);
        subject.press('enter');
        const entry = await answer;
        expect(entry.ok && entry.value.kind === 'pin' && toHex(entry.value.pin.bytes())).toBe('123456789012');
      }),
    );

    test(
      'the amount stands on the pad while it asks',
      withSubject(async (subject) => {
        const answer = subject.pad.enterPin({ ...request, amount: '12.50' });
        await asked(subject);
        expect(subject.shows('12.50')).toBe(true);
        await subject.pad.cancel();
        expect(await answer).toMatchObject({ ok: false });
        expect(subject.shows('12.50')).toBe(false);
      }),
    );

    test(
      'the holder cancels, the terminal cancels: both are cancelled, nothing stays pressed, the next entry works',
      withSubject(async (subject) => {
        for (const by of ['holder', 'terminal'] as const) {
          const answer = subject.pad.enterPin(request);
          await asked(subject);
          type(subject, '12');
          if (by === 'holder') subject.press('cancel');
          else await subject.pad.cancel();
          expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-cancelled' } });
          await until(() => !subject.asking() && subject.entered() === 0, 'the pad forgot the digits');
        }
        await subject.pad.cancel();
        expect(await enter(subject, '4321')).toBe('4321');
      }),
    );

    test(
      'nobody enters anything: the time is over and the pad asks no more',
      withSubject(async (subject) => {
        const answer = subject.pad.enterPin({ ...request, timeoutMs: 300 });
        await asked(subject);
        type(subject, '12');
        expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-timeout' } });
        await until(() => !subject.asking(), 'the pad stopped asking');
      }),
    );

    test(
      'a second entry while one is under way is busy and disturbs nothing',
      withSubject(async (subject) => {
        const first = subject.pad.enterPin(request);
        await asked(subject);
        expect(await subject.pad.enterPin(request)).toMatchObject({
          ok: false,
          error: { code: 'pin-pad-busy' },
        });
        type(subject, '2468');
        subject.press('enter');
        expect(await first).toMatchObject({ ok: true });
      }),
    );

    test(
      'unplugged in the middle of an entry: missing, the digits are gone, and it is back by itself',
      withSubject(async (subject) => {
        const told: DeviceState['kind'][] = [];
        subject.pad.onChange((state) => told.push(state.kind));
        const answer = subject.pad.enterPin(request);
        await asked(subject);
        type(subject, '123');
        await subject.setPlugged(false);
        expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-missing' } });
        expect(subject.pad.state()).toMatchObject({ kind: 'fault', fault: { code: 'pin-pad-missing' } });
        expect(await subject.pad.enterPin(request)).toMatchObject({
          ok: false,
          error: { code: 'pin-pad-missing' },
        });
        await subject.setPlugged(true);
        await ready(subject);
        expect(subject.entered()).toBe(0);
        expect(await enter(subject, '1234')).toBe('1234');
        expect(told).toEqual(['fault', 'ready']);
      }),
    );

    test(
      'a pad that falls silent in the middle of an entry is missing, and is taken up when it speaks again',
      withSubject(async (subject) => {
        const answer = subject.pad.enterPin(request);
        await asked(subject);
        subject.setMute(true);
        expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-missing' } });
        subject.setMute(false);
        await ready(subject);
        expect(await enter(subject, '1234', { challenge })).toBe(expectedBlock('1234'));
      }),
    );

    test(
      'a pad that was opened is out of use until it was serviced',
      withSubject(async (subject) => {
        const answer = subject.pad.enterPin(request);
        await asked(subject);
        subject.setTampered(true);
        expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-tampered' } });
        expect(await enterNow(subject)).toBe('pin-pad-tampered');
        await subject.setPlugged(false);
        await until(() => faultOf(subject) === 'pin-pad-missing', 'the unplug was noticed');
        await subject.setPlugged(true);
        await until(() => faultOf(subject) === 'pin-pad-tampered', 'it is still told as tampered');
        expect(await enterNow(subject)).toBe('pin-pad-tampered');
        subject.setTampered(false);
        await ready(subject);
        expect(await enter(subject, '1234')).toBe('1234');
      }),
    );

    test(
      'damaged answers never become a PIN: garbled, and the next entry on a sound line works',
      withSubject(async (subject) => {
        const answer = subject.pad.enterPin(request);
        await asked(subject);
        subject.setGarbled(true);
        type(subject, '123456');
        subject.press('enter');
        expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-garbled' } });
        subject.setGarbled(false);
        await ready(subject);
        expect(await enter(subject, '654321')).toBe('654321');
      }),
    );

    test(
      'after stop it is idle, every entry is missing, and stop may be called again',
      withSubject(async (subject) => {
        const answer = subject.pad.enterPin(request);
        await asked(subject);
        await subject.pad.stop();
        await subject.pad.stop();
        expect(await answer).toMatchObject({ ok: false, error: { code: 'pin-pad-cancelled' } });
        expect(subject.pad.state()).toEqual({ kind: 'idle' });
        expect(await enterNow(subject)).toBe('pin-pad-missing');
      }),
    );
  });
}

function faultOf({ pad }: PinPadSubject): string | undefined {
  const state = pad.state();
  return state.kind === 'fault' ? state.fault.code : undefined;
}

async function enterNow({ pad }: PinPadSubject): Promise<string> {
  const answer = await pad.enterPin(request);
  return answer.ok ? answer.value.kind : answer.error.code;
}
