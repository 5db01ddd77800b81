import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { filePrinter } from '#drivers/printer/file';
import { openPrinter } from '#drivers/printer/open';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-file-printer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const slip = Uint8Array.of(0x1b, 0x40, 0x41, 0x0a);
const open = (path: string, transferMs = 500) => filePrinter({ path, clock: systemClock, transferMs });

describe('a device file', () => {
  test('slips follow one another and paper is unknown, since it cannot be asked', async () => {
    const path = join(folder, 'slips.bin');
    const printer = openPrinter({ kind: 'file', path }, { clock: systemClock });
    expect(printer.address).toBe(`file:${path}`);
    expect(await printer.status()).toEqual({
      ok: true,
      value: { online: true, paper: 'unknown', coverOpen: false },
    });
    await Promise.all([printer.print(slip), printer.print(slip)]);
    expect([...readFileSync(path)]).toEqual([...slip, ...slip]);
    await printer.close();
    expect(await printer.print(slip)).toMatchObject({ ok: false, error: { code: 'printer-unreachable' } });
  });

  test('the drawer pulse and the buzzer go out as their own bytes, and a missing device is told', async () => {
    const path = join(folder, 'signals.bin');
    const printer = open(path);
    expect(await printer.openDrawer()).toEqual({ ok: true, value: undefined });
    expect([...readFileSync(path)]).toEqual([0x1b, 0x70, 0x00, 25, 250]);
    await printer.beep();
    expect([...readFileSync(path)].slice(5)).toEqual([0x1b, 0x42, 2, 2]);
    const missing = open('/dev/guitai-no-such-printer');
    expect(await missing.openDrawer()).toMatchObject({ ok: false, error: { code: 'printer-unreachable' } });
    await missing.beep();
  });

  test('a missing device is not made into a file that swallows slips', async () => {
    const printer = open('/dev/guitai-no-such-printer');
    expect(await printer.status()).toMatchObject({ ok: false, error: { code: 'printer-unreachable' } });
    expect(await printer.print(slip)).toMatchObject({
      ok: false,
      error: { code: 'printer-unreachable', retry: 'transient', detail: 'ENOENT' },
    });
    expect(() => readFileSync('/dev/guitai-no-such-printer')).toThrow();
  });

  test('nobody at the other end: refused before the first byte, transient', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(await open(path).print(slip)).toMatchObject({ ok: false, error: { retry: 'transient' } });
  });

  test('a device that stops taking bytes in the middle: the outcome is unknown, after a deadline', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const result = await open(path, 200).print(new Uint8Array(1_000_000));
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'printer-outcome-unknown', retry: 'ambiguous' },
      });
    } finally {
      closeSync(reader);
    }
  });
});
