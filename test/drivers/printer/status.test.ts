import { expect, test } from 'vitest';
import { decodeStatus, isInOrderByte, isStatusByte, notReady } from '#drivers/printer/status';

const ready = { online: true, paper: 'ok', coverOpen: false } as const;

/** Bytes as in the manufacturer's table of DLE EOT n. */
test.each([
  [[0x12, 0x12, 0x12, 0x12], ready],
  [[0x16, 0x12, 0x12, 0x12], { ...ready, drawerOpen: true }],
  [[0x12, 0x12, 0x12, 0x1e], { ...ready, paper: 'low' }],
  [[0x1a, 0x32, 0x12, 0x7e], { online: false, paper: 'out', coverOpen: false }],
  [[0x1a, 0x32, 0x12, 0x12], { online: false, paper: 'out', coverOpen: false }],
  [[0x1a, 0x16, 0x12, 0x12], { online: false, paper: 'ok', coverOpen: true }],
  [[0x1a, 0x52, 0x1a, 0x12], { ...ready, online: false }],
  [[0x12, 0x12, 0x32, 0x12], { ...ready, online: false }],
  [[0x1a, 0x12, 0x12, 0x12], { ...ready, online: false }],
] as const)('the answers %j are read as %j', (answers, status) => {
  expect(decodeStatus(answers)).toEqual({ ok: true, value: status });
});

test.each([[[]], [[0x12, 0x12, 0x12]], [[0x12, 0x12, 0x12, 0x00]], [[0x12, 0x12, 0x12, 0x12, 0x12]]])(
  'the answers %j are no status',
  (answers) => {
    expect(decodeStatus(answers)).toEqual({ ok: false, error: 'not-a-status' });
  },
);

test('the two kinds of answer and flow control are never taken for each other', () => {
  for (let byte = 0; byte < 256; byte += 1) expect(isStatusByte(byte) && isInOrderByte(byte)).toBe(false);
  for (const byte of [0x10, 0x11, 0x13, 0x00, 0x0f]) expect(isStatusByte(byte)).toBe(false);
});

test('the most tangible cause is named: cover, then paper, then the rest; low paper still prints', () => {
  expect(notReady({ online: false, paper: 'out', coverOpen: true })?.code).toBe('printer-cover-open');
  expect(notReady({ online: false, paper: 'out', coverOpen: false })?.code).toBe('printer-paper-out');
  expect(notReady({ online: false, paper: 'ok', coverOpen: false })?.code).toBe('printer-fault');
  expect(notReady({ online: true, paper: 'low', coverOpen: false })).toBeUndefined();
  expect(notReady({ online: true, paper: 'unknown', coverOpen: false })).toBeUndefined();
});
