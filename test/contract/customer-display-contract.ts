import { describe, expect, test } from 'vitest';
import type { DeviceState } from '#core/domain/device';
import type { CustomerDisplayPort } from '#drivers/customer-display/port';
import { until } from '../helpers/serial-peer.ts';

export interface DisplaySubject {
  /** 20 columns, with Chinese. */
  readonly display: CustomerDisplayPort;
  /** What a person reads on it now. */
  lines(): readonly [string, string];
  setPlugged(plugged: boolean): Promise<void> | void;
  stop(): Promise<void>;
}

/** Promises of every customer display; the same suite runs on the fake and on a pseudo-terminal. */
export function customerDisplayContract(name: string, start: () => Promise<DisplaySubject>): void {
  describe(`customer display contract: ${name}`, () => {
    const withSubject = (run: (subject: DisplaySubject) => Promise<void>) => async () => {
      const subject = await start();
      try {
        await run(subject);
      } finally {
        await subject.stop();
      }
    };
    const reads = (subject: DisplaySubject, upper: string, lower: string) =>
      until(
        () => subject.lines().join('\n') === `${upper}\n${lower}`,
        `${upper} / ${lower} stands there`,
      ).catch(() => expect(subject.lines()).toEqual([upper, lower]));

    test(
      'both lines are shown, amounts at the right, and cleared again',
      withSubject(async (subject) => {
        subject.display.show({ upper: '阿莫西林 12.50', lower: 'x2' });
        await reads(subject, '阿莫西林       12.50', 'x2');
        subject.display.clear();
        await reads(subject, '', '');
      }),
    );

    test(
      'a shorter text leaves nothing of the longer one, and too long a text keeps its amount',
      withSubject(async (subject) => {
        const long = '复方氨酚烷胺胶囊十二粒装 8.90';
        subject.display.show({ upper: long, lower: 'abcdefghijklmnopqrstuvwxyz' });
        await reads(subject, '复方氨酚烷胺胶  8.90', 'abcdefghijklmnopqrst');
        subject.display.show({ upper: '应付 1.00', lower: '' });
        await reads(subject, '应付            1.00', '');
      }),
    );

    test(
      'of a hundred texts in one burst the last one stands there',
      withSubject(async (subject) => {
        for (let count = 1; count <= 100; count += 1)
          subject.display.show({ upper: 'TOTAL', lower: `${count}.00` });
        await reads(subject, 'TOTAL', '              100.00');
      }),
    );

    test(
      'unplugged: told as a fault while texts are dropped; plugged in again the newest text stands there',
      withSubject(async (subject) => {
        const told: DeviceState['kind'][] = [];
        subject.display.onChange((state) => told.push(state.kind));
        subject.display.show({ upper: 'one', lower: '' });
        await reads(subject, 'one', '');
        await subject.setPlugged(false);
        await until(() => subject.display.state().kind === 'fault', 'the unplug was noticed');
        expect(subject.display.state()).toMatchObject({ fault: { code: 'customer-display-missing' } });
        subject.display.show({ upper: 'two', lower: '' });
        subject.display.show({ upper: 'three', lower: '' });
        await subject.setPlugged(true);
        await reads(subject, 'three', '');
        expect(told).toEqual(['fault', 'ready']);
      }),
    );

    test(
      'a text with control characters in it stays text',
      withSubject(async (subject) => {
        subject.display.show({ upper: 'a\u001b@b\r\n\u000cc', lower: '\u0000x' });
        await reads(subject, 'a @b c', 'x');
      }),
    );

    test(
      'after stop it is idle and showing does nothing',
      withSubject(async ({ display }) => {
        await display.stop();
        await display.stop();
        display.show({ upper: 'late', lower: '' });
        expect(display.state()).toEqual({ kind: 'idle' });
      }),
    );
  });
}
