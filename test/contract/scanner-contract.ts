import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import type { DeviceState } from '#core/domain/device';
import type { ScannerPort } from '#drivers/scanner/port';
import { until } from '../helpers/serial-peer.ts';

/** What the suite may do to the scanner behind a port. */
export interface ScannerSubject {
  readonly scanner: ScannerPort;
  /** One code passes the window: its bytes as the scanner was told to send them. */
  scan(bytes: Uint8Array): Promise<void> | void;
  /** Something that is no whole scan. */
  garble(): Promise<void> | void;
  setPlugged(plugged: boolean): Promise<void> | void;
  stop(): Promise<void>;
}

const utf8 = (text: string) => Buffer.from(text, 'utf8');

/** Promises of every scanner port. The same suite runs on the fake, on a serial line and on HID reports. */
export function scannerContract(name: string, make: () => Promise<ScannerSubject>): void {
  describe(`scanner contract: ${name}`, () => {
    const withSubject = (run: (subject: Started) => Promise<void>) => async () => {
      const subject = await make();
      const texts: string[] = [];
      const states: DeviceState[] = [];
      subject.scanner.onScan((text) => texts.push(text));
      subject.scanner.onChange((state) => states.push(state));
      try {
        await run({ ...subject, texts, states });
      } finally {
        await subject.stop();
      }
    };
    const ready = async ({ scanner, setPlugged }: Started) => {
      await setPlugged(true);
      await scanner.start();
      await until(() => scanner.state().kind === 'ready', 'ready');
    };
    const faultOf = (scanner: ScannerPort) => {
      const state = scanner.state();
      return state.kind === 'fault' ? state.fault.code : state.kind;
    };

    test(
      'it is idle before the start, ready after it, and idle again when it was stopped',
      withSubject(async (subject) => {
        expect(subject.scanner.kind).toBe('scanner');
        expect(subject.scanner.address).not.toBe('');
        expect(subject.scanner.state()).toEqual({ kind: 'idle' });
        await ready(subject);
        await subject.scanner.stop();
        expect(subject.scanner.state()).toEqual({ kind: 'idle' });
      }),
    );

    test(
      'codes come one by one, whole and in order',
      withSubject(async (subject) => {
        await ready(subject);
        const codes = ['6901234567892', '81234567890123456789', 'G0001'];
        for (const code of codes) await subject.scan(utf8(code));
        await until(() => subject.texts.length === 3, 'three scans');
        expect(subject.texts).toEqual(codes);
      }),
    );

    test(
      'Chinese arrives in UTF-8 as in GB18030',
      withSubject(async (subject) => {
        await ready(subject);
        await subject.scan(utf8('复方甘草片'));
        await subject.scan(iconv.encode('阿莫西林胶囊', 'gb18030'));
        await until(() => subject.texts.length === 2, 'two scans');
        expect(subject.texts).toEqual(['复方甘草片', '阿莫西林胶囊']);
      }),
    );

    test(
      'a long code of 512 characters comes whole, without control characters',
      withSubject(async (subject) => {
        await ready(subject);
        const long = '8'.repeat(512);
        await subject.scan(utf8(`\u0001${long}\u0007`));
        await until(() => subject.texts.length === 1, 'the scan');
        expect(subject.texts).toEqual([long]);
      }),
    );

    test(
      'what is no whole scan gives no text but scanner-garbled, and the next scan clears it',
      withSubject(async (subject) => {
        await ready(subject);
        await subject.garble();
        await until(() => faultOf(subject.scanner) === 'scanner-garbled', 'scanner-garbled');
        expect(subject.texts).toEqual([]);
        await subject.scan(utf8('6901234567892'));
        await until(() => subject.texts.length === 1, 'the next scan');
        expect(faultOf(subject.scanner)).toBe('ready');
        expect(subject.texts).toEqual(['6901234567892']);
      }),
    );

    test(
      'a scanner that is not there at the start is missing, and is taken up when it comes',
      withSubject(async (subject) => {
        await subject.setPlugged(false);
        await subject.scanner.start();
        expect(faultOf(subject.scanner)).toBe('scanner-missing');
        await subject.setPlugged(true);
        await until(() => faultOf(subject.scanner) === 'ready', 'ready');
        await subject.scan(utf8('96385074'));
        await until(() => subject.texts.length === 1, 'the scan');
        expect(subject.states.map(({ kind }) => kind)).toEqual(['fault', 'ready']);
      }),
    );

    test(
      'unplugged in the middle of work it is missing, and back again it reads; each change is told once',
      withSubject(async (subject) => {
        await ready(subject);
        for (let round = 1; round <= 2; round += 1) {
          await subject.setPlugged(false);
          await until(() => faultOf(subject.scanner) === 'scanner-missing', 'missing');
          await subject.setPlugged(true);
          await until(() => faultOf(subject.scanner) === 'ready', 'ready');
          await subject.scan(utf8(`G000${round}`));
          await until(() => subject.texts.length === round, 'the scan');
        }
        expect(subject.texts).toEqual(['G0001', 'G0002']);
        expect(subject.states.map(({ kind }) => kind)).toEqual(['ready', 'fault', 'ready', 'fault', 'ready']);
      }),
    );

    test(
      'stopped it reads no more, and a listener that left hears nothing',
      withSubject(async (subject) => {
        const heard: string[] = [];
        const leave = subject.scanner.onScan((text) => heard.push(text));
        await ready(subject);
        await subject.scan(utf8('G0001'));
        await until(() => subject.texts.length === 1, 'the first scan');
        leave();
        await subject.scan(utf8('G0002'));
        await until(() => subject.texts.length === 2, 'the second scan');
        await subject.scanner.stop();
        await subject.scan(utf8('G0003'));
        expect(subject.texts).toEqual(['G0001', 'G0002']);
        expect(heard).toEqual(['G0001']);
      }),
    );
  });
}

interface Started extends ScannerSubject {
  readonly texts: string[];
  readonly states: DeviceState[];
}
