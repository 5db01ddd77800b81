import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { ManualClock } from '#core/manual-clock';
import { cableCustomerDisplay } from '#drivers/customer-display/serial';
import { displayLine } from '#drivers/customer-display/text';
import { memoryCable } from '#drivers/serial/memory';
import { VirtualCustomerDisplay } from '#simulators/customer-display/virtual-display';

const ascii = (text: string, columns = 20) =>
  Buffer.from(displayLine(text, columns, 'ascii')).toString('latin1');

test('on a display without Chinese amount lines become English and other Chinese is left out', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['应付 12.50', 'DUE            12.50'],
    ['找零：３．５０', 'CHANGE:         3.50'],
    ['合计 ¥1,234.00', 'TOTAL       1,234.00'],
    ['个人账户余额 88.00', 'ACCOUNT BALANC 88.00'],
    ['阿莫西林胶囊 0.25g 12.50', '0.25g          12.50'],
    ['退款 -3.00', 'REFUND         -3.00'],
    ['谢谢惠顾', 'THANK YOU           '],
    ['阿司匹林 x2', 'x2                  '],
    ['感冒灵颗粒', ' '.repeat(20)],
  ];
  for (const [text, line] of rows) expect(ascii(text)).toBe(line);
});

test('an amount wider than the display keeps its first figures and stays inside', () => {
  expect(ascii('1234567890.12', 8)).toBe('12345678');
  expect(ascii('应付 123456.78', 9)).toBe('123456.78');
});

test('any text on any width gives exactly that many bytes and no control character', () => {
  const seed = Date.now() % 1_000_000;
  const texts = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(
      texts,
      fc.integer({ min: 8, max: 40 }),
      fc.constantFrom('ascii' as const, 'gb18030' as const),
      (text, columns, charset) => {
        const bytes = displayLine(text, columns, charset);
        expect(bytes.length).toBe(columns);
        expect(bytes.every((byte) => byte >= 0x20 && byte !== 0x7f)).toBe(true);
        if (charset === 'ascii') expect(bytes.every((byte) => byte < 0x7f)).toBe(true);
      },
    ),
    { seed, numRuns: 500 },
  );
});

test('a line of 2400 baud is never flooded, however fast the till counts, and the last text comes', async () => {
  const clock = new ManualClock(0);
  const virtual = new VirtualCustomerDisplay({ clock, baudRate: 2_400 });
  const cable = memoryCable((send) => virtual.connect(send));
  const { opener } = cable;
  const display = cableCustomerDisplay({
    opener,
    address: 'virtual:display',
    clock,
    columns: 20,
    charset: 'ascii',
    baudRate: 2_400,
  });
  await display.start();
  for (let count = 1; count <= 200; count += 1) {
    display.show({ upper: 'TOTAL', lower: `${count}.00` });
    await clock.advance(10);
  }
  await clock.advance(1_000);
  expect(virtual.lines()).toEqual(['TOTAL', '              200.00']);
  expect(virtual.problems()).toEqual([]);
  expect(virtual.initialised).toBe(1);
  await display.stop();
});

test('the virtual display tells damaged commands and never grows', () => {
  const virtual = new VirtualCustomerDisplay({ clock: systemClock });
  const { receive } = virtual.connect(() => undefined);
  receive(Uint8Array.from([0x1b, 0x51, 0x43, 0x1b, 0x7a, 0x01]));
  receive(Uint8Array.from([0x1b, 0x51, 0x41, ...new Uint8Array(500).fill(0x41), 0x0d]));
  expect(virtual.problems().length).toBeGreaterThanOrEqual(3);
  receive(Uint8Array.from([0x1b, 0x40, 0x0b, ...Buffer.from('plain')]));
  expect(virtual.lines()).toEqual(['plain', '']);
});
