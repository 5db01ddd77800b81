import { describe, expect, test } from 'vitest';
import type { PrinterPort } from '#drivers/printer/port';

/** What the suite may do to the printer behind a port. */
export interface PrinterSubject {
  readonly printer: PrinterPort;
  setPaper(paper: 'ok' | 'low' | 'out'): Promise<void> | void;
  setCoverOpen(open: boolean): Promise<void> | void;
  setOnline(online: boolean): Promise<void> | void;
  setPlugged(plugged: boolean): Promise<void> | void;
  setMute(mute: boolean): Promise<void> | void;
  /** The line breaks after this many bytes have reached the printer, counted from now. */
  breakAfterBytes(count: number): Promise<void> | void;
  /** Text of each slip that was cut off. */
  slipTexts(): readonly string[];
  /** How often the drawer was opened, and tones of the buzzer. */
  drawerPulses(): number;
  beeps(): number;
  stop(): Promise<void>;
}

/** ESC @, FS &, a line, feed, cut: the smallest slip, `中` so that the mode counts. */
export function smallSlip(line: string): Uint8Array {
  const head = [0x1b, 0x40, 0x1c, 0x26, 0xd6, 0xd0];
  return Uint8Array.from([...head, ...Buffer.from(`${line}\n\n\n\n`, 'latin1'), 0x1d, 0x56, 0x01]);
}

/**
 * Promises of every printer port that can be asked for its status. The same suite runs on the fake, on TCP
 * and on a serial line.
 */
export function printerContract(name: string, start: () => Promise<PrinterSubject>): void {
  describe(`printer contract: ${name}`, () => {
    const withSubject = (run: (subject: PrinterSubject) => Promise<void>) => async () => {
      const subject = await start();
      try {
        await run(subject);
      } finally {
        await subject.stop();
      }
    };

    describe('while all is well', () => {
      test(
        'a slip comes out once and whole',
        withSubject(async ({ printer, slipTexts }) => {
          expect(await printer.print(smallSlip('slip-1'))).toEqual({ ok: true, value: undefined });
          expect(slipTexts()).toEqual(['中slip-1']);
        }),
      );

      test(
        'two slips asked for at once come out one after the other, unmixed',
        withSubject(async ({ printer, slipTexts }) => {
          const both = await Promise.all([printer.print(smallSlip('one')), printer.print(smallSlip('two'))]);
          expect(both.map((result) => result.ok)).toEqual([true, true]);
          expect(slipTexts()).toEqual(['中one', '中two']);
        }),
      );

      test(
        'the status tells ready, paper low, paper out, cover open and off line apart',
        withSubject(async (subject) => {
          const { printer } = subject;
          const ready = { online: true, paper: 'ok', coverOpen: false };
          expect(await printer.status()).toEqual({ ok: true, value: ready });
          await subject.setPaper('low');
          expect(await printer.status()).toEqual({ ok: true, value: { ...ready, paper: 'low' } });
          await subject.setPaper('out');
          expect(await printer.status()).toMatchObject({ ok: true, value: { paper: 'out' } });
          await subject.setPaper('ok');
          await subject.setCoverOpen(true);
          expect(await printer.status()).toMatchObject({ ok: true, value: { paper: 'ok', coverOpen: true } });
          await subject.setCoverOpen(false);
          await subject.setOnline(false);
          expect(await printer.status()).toEqual({ ok: true, value: { ...ready, online: false } });
        }),
      );

      test(
        'a slip still comes out when paper is low',
        withSubject(async (subject) => {
          await subject.setPaper('low');
          expect(await subject.printer.print(smallSlip('low'))).toMatchObject({ ok: true });
          expect(subject.slipTexts()).toEqual(['中low']);
        }),
      );
    });

    describe('the cash drawer', () => {
      test(
        'opens once each time it is asked, and its switch is told',
        withSubject(async ({ printer, drawerPulses, slipTexts }) => {
          expect(await printer.openDrawer()).toEqual({ ok: true, value: undefined });
          expect(drawerPulses()).toBe(1);
          expect(await printer.status()).toMatchObject({ ok: true, value: { drawerOpen: true } });
          expect(await printer.print(smallSlip('slip'))).toMatchObject({ ok: true });
          expect(await printer.openDrawer()).toMatchObject({ ok: true });
          expect(drawerPulses()).toBe(2);
          expect(slipTexts()).toEqual(['中slip']);
        }),
      );

      for (const [state, set] of [
        ['without paper', (s: PrinterSubject, on: boolean) => s.setPaper(on ? 'out' : 'ok')],
        ['with the cover open', (s: PrinterSubject, on: boolean) => s.setCoverOpen(on)],
      ] as const) {
        test(
          `${state} it opens at once, and not a second time when that is cured`,
          withSubject(async (subject) => {
            await set(subject, true);
            expect(await subject.printer.openDrawer()).toEqual({ ok: true, value: undefined });
            expect(subject.drawerPulses()).toBe(1);
            await set(subject, false);
            expect(await subject.printer.status()).toMatchObject({ ok: true });
            expect(subject.drawerPulses()).toBe(1);
          }),
        );
      }

      for (const [state, code, set] of [
        ['off line', 'printer-fault', (s: PrinterSubject, on: boolean) => s.setOnline(!on)],
        ['unplugged', 'printer-unreachable', (s: PrinterSubject, on: boolean) => s.setPlugged(!on)],
        ['mute', 'printer-unreachable', (s: PrinterSubject, on: boolean) => s.setMute(on)],
      ] as const) {
        test(
          `${state}: ${code}, it stays shut also afterwards, and opens when asked again`,
          withSubject(async (subject) => {
            await set(subject, true);
            expect(await subject.printer.openDrawer()).toMatchObject({
              ok: false,
              error: { code, retry: 'transient' },
            });
            await set(subject, false);
            expect(await subject.printer.print(smallSlip('slip'))).toMatchObject({ ok: true });
            expect(subject.drawerPulses()).toBe(0);
            expect(await subject.printer.openDrawer()).toMatchObject({ ok: true });
            expect(subject.drawerPulses()).toBe(1);
          }),
        );
      }

      test(
        'the line breaks under the pulse: the outcome is unknown, never "not opened"',
        withSubject(async (subject) => {
          // Four questions of three bytes, then the pulse.
          await subject.breakAfterBytes(17);
          expect(await subject.printer.openDrawer()).toMatchObject({
            ok: false,
            error: { code: 'printer-outcome-unknown', retry: 'ambiguous' },
          });
        }),
      );
    });

    test(
      'the buzzer sounds when the printer is ready; otherwise nothing happens, also not later',
      withSubject(async (subject) => {
        await subject.printer.beep();
        const once = subject.beeps();
        expect(once).toBeGreaterThan(0);
        await subject.setPaper('out');
        await subject.printer.beep();
        await subject.setPaper('ok');
        await subject.setPlugged(false);
        await subject.printer.beep();
        await subject.setPlugged(true);
        expect(await subject.printer.print(smallSlip('slip'))).toMatchObject({ ok: true });
        expect(subject.beeps()).toBe(once);
      }),
    );

    describe('when it is not ready', () => {
      const states = [
        [
          'out of paper',
          'printer-paper-out',
          (s: PrinterSubject, on: boolean) => s.setPaper(on ? 'out' : 'ok'),
        ],
        ['cover open', 'printer-cover-open', (s: PrinterSubject, on: boolean) => s.setCoverOpen(on)],
        ['off line', 'printer-fault', (s: PrinterSubject, on: boolean) => s.setOnline(!on)],
        ['unplugged', 'printer-unreachable', (s: PrinterSubject, on: boolean) => s.setPlugged(!on)],
        ['mute', 'printer-unreachable', (s: PrinterSubject, on: boolean) => s.setMute(on)],
      ] as const;
      for (const [state, code, set] of states) {
        test(
          `${state}: nothing is printed, ${code} may be retried, and the same port prints once it is cured`,
          withSubject(async (subject) => {
            await set(subject, true);
            const refused = await subject.printer.print(smallSlip('refused'));
            expect(refused).toMatchObject({ ok: false, error: { code, retry: 'transient' } });
            await set(subject, false);
            expect(await subject.printer.print(smallSlip('later'))).toMatchObject({ ok: true });
            expect(subject.slipTexts()).toEqual(['中later']);
          }),
        );
      }

      test(
        'unplugged between two slips: the second is refused, the third comes out',
        withSubject(async (subject) => {
          expect(await subject.printer.print(smallSlip('one'))).toMatchObject({ ok: true });
          await subject.setPlugged(false);
          expect(await subject.printer.print(smallSlip('two'))).toMatchObject({
            ok: false,
            error: { code: 'printer-unreachable', retry: 'transient' },
          });
          await subject.setPlugged(true);
          expect(await subject.printer.print(smallSlip('three'))).toMatchObject({ ok: true });
          expect(subject.slipTexts()).toEqual(['中one', '中three']);
        }),
      );
    });

    test(
      'the line breaks in the middle of a slip: the outcome is unknown, never "not printed"',
      withSubject(async (subject) => {
        expect(await subject.printer.print(smallSlip('first'))).toMatchObject({ ok: true });
        await subject.breakAfterBytes(400);
        const long = smallSlip('x'.repeat(40).concat('\n').repeat(40));
        expect(await subject.printer.print(long)).toMatchObject({
          ok: false,
          error: { code: 'printer-outcome-unknown', retry: 'ambiguous' },
        });
        await subject.setPlugged(false);
        await subject.setPlugged(true);
        expect(await subject.printer.print(smallSlip('after'))).toMatchObject({ ok: true });
        expect(subject.slipTexts().at(-1)).toContain('中after');
      }),
    );

    test(
      'after close every call is refused and close may be called again',
      withSubject(async ({ printer }) => {
        await printer.close();
        await printer.close();
        expect(await printer.status()).toMatchObject({ ok: false, error: { code: 'printer-unreachable' } });
        expect(await printer.print(smallSlip('late'))).toMatchObject({
          ok: false,
          error: { code: 'printer-unreachable', retry: 'transient' },
        });
        expect(await printer.openDrawer()).toMatchObject({
          ok: false,
          error: { code: 'printer-unreachable', retry: 'transient' },
        });
        await printer.beep();
      }),
    );
  });
}
