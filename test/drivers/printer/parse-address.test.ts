import { expect, test } from 'vitest';
import { parsePrinterAddress } from '#drivers/printer/parse-address';

test.each([
  ['tcp://192.0.2.7:9100', { kind: 'tcp', host: '192.0.2.7', port: 9100 }],
  ['tcp://printer.local', { kind: 'tcp', host: 'printer.local', port: 9100 }],
  ['tcp://[::1]:9200', { kind: 'tcp', host: '::1', port: 9200 }],
  ['serial:/dev/ttyUSB0', { kind: 'serial', path: '/dev/ttyUSB0', baudRate: 9600, flow: 'none' }],
  ['serial:COM3?baud=19200&flow=rtscts', { kind: 'serial', path: 'COM3', baudRate: 19_200, flow: 'rtscts' }],
  ['file:/dev/usb/lp0', { kind: 'file', path: '/dev/usb/lp0' }],
  ['file:slips.bin', { kind: 'file', path: 'slips.bin' }],
])('%s is understood', (text, address) => {
  expect(parsePrinterAddress(text)).toEqual({ ok: true, value: address });
});

test.each([
  '',
  'tcp://',
  'tcp://:9100',
  'tcp://host:0',
  'tcp://host:65536',
  'tcp://host:9100/x',
  'tcp://a b:1',
  'serial:',
  'serial:COM3?speed=1',
  'serial:COM3?baud=fast',
  'serial:COM3?flow=maybe',
  'file:',
  'usb:1',
  '192.0.2.7:9100',
])('"%s" is refused with a coded fault that says how to write it', (text) => {
  expect(parsePrinterAddress(text)).toMatchObject({
    ok: false,
    error: { code: 'printer-address-invalid', retry: 'permanent', nextEn: expect.stringContaining('tcp://') },
  });
});
