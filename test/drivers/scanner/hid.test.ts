import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { hidScanner, parseHidAddress } from '#drivers/scanner/hid';
import { decodeHidReport, emptyHidState, type HidReportState } from '#drivers/scanner/hid-report';
import { nodeHidAccess } from '#drivers/scanner/node-hid';
import { openScanner } from '#drivers/scanner/open';
import { BYTES_MAX } from '#drivers/scanner/scan-text';
import { hidReportsOf, SimulatedHidScanner } from '#simulators/scanner/hid-scanner';

interface Recorded {
  readonly name: string;
  readonly reports: readonly { readonly head: string; readonly data: string; readonly tail?: string }[];
  readonly text: string;
}
const recorded: { scans: Recorded[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/hid-reports.json', import.meta.url), 'utf8'),
);

function reportsOf({ reports }: Recorded): Uint8Array[] {
  return reports.map(({ head, data, tail = '000000' }) => {
    const report = Buffer.alloc(64);
    Buffer.from(head + data, 'hex').copy(report);
    Buffer.from(tail, 'hex').copy(report, 61);
    return report;
  });
}

function decodeAll(reports: readonly Uint8Array[]) {
  let state: HidReportState = emptyHidState;
  const scans: string[] = [];
  const garbled: string[] = [];
  for (const report of reports) {
    const step = decodeHidReport(report, state);
    state = step.state;
    if (step.scan !== undefined) {
      scans.push(step.scan.symbology + Buffer.from(step.scan.bytes).toString('latin1'));
    }
    if (step.garbled !== undefined) garbled.push(step.garbled);
  }
  return { state, scans, garbled };
}

function startedScanner(device: SimulatedHidScanner, clock = new ManualClock(0)) {
  const { vendorId, productId, access } = device;
  const scanner = hidScanner({ vendorId, productId, access, clock });
  const texts: string[] = [];
  scanner.onScan((text) => texts.push(text));
  return { scanner, texts, clock };
}

describe('recorded reports', () => {
  test.each(recorded.scans.map((scan) => [scan.name, scan] as const))('%s', async (_name, scan) => {
    const device = new SimulatedHidScanner();
    device.setPlugged(true);
    const { scanner, texts } = startedScanner(device);
    await scanner.start();
    for (const report of reportsOf(scan)) device.send(report);
    expect(texts).toEqual([scan.text]);
    await scanner.stop();
  });

  test('what the simulated scanner sends is what was recorded', () => {
    const [first, second, third] = recorded.scans;
    for (const scan of [first, second, third]) {
      if (scan === undefined) throw new Error('the fixture has three scans');
      expect(hidReportsOf(scan.text.slice(3), scan.text.slice(0, 3)).map(String)).toEqual(
        reportsOf(scan).map((report) => String(Uint8Array.from(report))),
      );
    }
  });
});

describe('reports that are not whole', () => {
  test.each([
    ['nothing after the id', [2], 'report of 1 bytes'],
    ['a length byte beyond the field', [2, 57, 0x5d, 0x45, 0x30], 'length byte 57'],
    ['less data than it says', [2, 9, 0x5d, 0x45, 0x30, 0x31], '9 bytes of data in a report of 6'],
    ['another layout', [2, 2, 0x36, 0x39, 0x30, 0x31, 0x32], 'no symbology where it belongs'],
  ])('%s is told and gives no text', (_name, bytes, why) => {
    expect(decodeAll([Uint8Array.from(bytes)])).toEqual({ state: emptyHidState, scans: [], garbled: [why] });
  });

  test('a scan with one bad part is dropped whole and told once; the next scan is read', () => {
    const long = hidReportsOf('7'.repeat(150));
    const [first, , last] = long;
    const bad = Uint8Array.from(long[1] ?? []);
    bad[1] = 99;
    const good = hidReportsOf('G0001', ']C0');
    const all = [first, bad, last, ...good].map((report) => report ?? new Uint8Array());
    expect(decodeAll(all)).toEqual({
      state: emptyHidState,
      scans: [']C0G0001'],
      garbled: ['length byte 99'],
    });
  });

  test('reports with another id and empty ones are passed over', () => {
    const other = Uint8Array.from([3, 1, 2]);
    expect(decodeAll([other, new Uint8Array(), ...hidReportsOf('')])).toMatchObject({
      scans: [],
      garbled: [],
    });
  });

  test('a scan that never ends is cut off, with the memory bounded', () => {
    const endless = hidReportsOf('7'.repeat(112))[0] ?? new Uint8Array();
    const { state, garbled } = decodeAll(Array.from({ length: 500 }, () => endless));
    expect(garbled.length).toBe(1);
    expect(state.bytes.length).toBeLessThanOrEqual(BYTES_MAX);
  });

  const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 1_000_000);
  test(`any bytes give a scan, a reason or nothing, and never throw (seed ${seed})`, () => {
    const report = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ maxLength: 63 }).map((bytes) => Uint8Array.from([2, ...bytes])),
      fc.string({ maxLength: 130 }).map((text) => hidReportsOf(text)[0] ?? new Uint8Array()),
    );
    fc.assert(
      fc.property(fc.array(report, { maxLength: 60 }), (reports) => {
        expect(decodeAll(reports).state.bytes.length).toBeLessThanOrEqual(BYTES_MAX);
      }),
      { numRuns: 300, seed },
    );
  });
});

describe('finding the scanner', () => {
  test('a scanner that is there is not asked for again; one that is missing is looked for every two seconds', async () => {
    const device = new SimulatedHidScanner();
    const { scanner, clock } = startedScanner(device);
    await scanner.start();
    await clock.advance(6_000);
    expect(device.looks).toBe(4);
    device.setPlugged(true);
    await clock.advance(2_000);
    expect(scanner.state().kind).toBe('ready');
    await clock.advance(60_000);
    expect(device.looks).toBe(5);
    await scanner.stop();
  });

  test('the interface of page 8C is taken and not the keyboard of the same device', async () => {
    const device = new SimulatedHidScanner();
    device.setPlugged(true);
    const opened: string[] = [];
    const access = {
      list: device.access.list,
      open: (path: string) => {
        opened.push(path);
        return device.access.open(path);
      },
    };
    const { vendorId, productId } = device;
    const scanner = hidScanner({ vendorId, productId, access, clock: new ManualClock(0) });
    await scanner.start();
    expect(opened).toEqual(['/dev/hidraw1']);
    await scanner.stop();
  });

  test('a library that does not load and a list that never answers are a missing scanner, not a crash', async () => {
    const clock = new ManualClock(0);
    const open = () => Promise.reject(new Error('unused'));
    const broken = hidScanner({
      vendorId: 1,
      productId: 2,
      clock,
      access: { list: () => Promise.reject(new Error('libusb-1.0.so.0: cannot open')), open },
    });
    await broken.start();
    expect(broken.state()).toMatchObject({
      kind: 'fault',
      fault: { code: 'scanner-missing', detail: 'libusb-1.0.so.0: cannot open' },
    });
    const silent = hidScanner({
      vendorId: 1,
      productId: 2,
      clock,
      access: { list: () => new Promise(() => undefined), open },
    });
    const started = silent.start();
    await clock.advance(5_000);
    await started;
    expect(silent.state()).toMatchObject({ kind: 'fault', fault: { code: 'scanner-missing' } });
    await Promise.all([broken.stop(), silent.stop()]);
  });

  test('a scanner that was stopped while it opened is closed and stays silent', async () => {
    const device = new SimulatedHidScanner();
    device.setPlugged(true);
    const { scanner, texts } = startedScanner(device);
    const started = scanner.start();
    await scanner.stop();
    await started;
    device.scan('G0001');
    expect(texts).toEqual([]);
    expect(scanner.state()).toEqual({ kind: 'idle' });
  });

  test("the machine's own list answers, and a device that is not there is missing", async () => {
    const listed = await nodeHidAccess.list(0xffff, 0xfffe).catch((error: unknown) => error);
    expect(listed instanceof Error || (Array.isArray(listed) && listed.length === 0)).toBe(true);
    const scanner = hidScanner({ vendorId: 0xffff, productId: 0xfffe, clock: new ManualClock(0) });
    await scanner.start();
    expect(scanner.state()).toMatchObject({ kind: 'fault', fault: { code: 'scanner-missing' } });
    await scanner.stop();
  });

  test('addresses of the configuration open the right kind', () => {
    expect(parseHidAddress('hid:05E0:1900')).toEqual({ vendorId: 0x05e0, productId: 0x1900 });
    expect(parseHidAddress('hid:5e0:1900')).toBeUndefined();
    const clock = new ManualClock(0);
    const address = (text: string) => {
      const opened = openScanner(text, clock);
      return opened.ok ? opened.value.address : opened.error.code;
    };
    expect(address('hid:05e0:1900')).toBe('hid:05e0:1900');
    expect(address('serial:/dev/ttyUSB0?baud=115200')).toBe('serial:/dev/ttyUSB0');
    expect(address('serial:/dev/ttyUSB0?speed=1')).toBe('config-invalid');
  });
});
