import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { toHex } from '#core/hex';
import { serialPinPad } from '#drivers/pin-pad/serial';
import { runVirtualPinPad } from '#simulators/pin-pad/run';
import { deviceOnPty } from '#simulators/pty';
import { until } from '../../../helpers/serial-peer.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-pad-run-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const key = new Uint8Array(16).fill(0x5a);

test('the command runs a pad on a pseudo-terminal that takes its keys from standard input', async () => {
  const link = join(folder, 'pad');
  const input = new PassThrough();
  const stop = new AbortController();
  let shown = '';
  const write = (text: string) => {
    shown += text;
  };
  const environment = { write, signal: stop.signal, input };
  const running = runVirtualPinPad(['--link', link, '--key', toHex(key)], environment);
  await until(() => shown.includes('virtual PIN pad serial:'), 'it started');
  const terminal = serialPinPad({
    address: { path: link, baudRate: 9_600, flow: 'none' },
    key,
    clock: systemClock,
    retryMs: 50,
  });
  await terminal.start();
  const answer = terminal.enterPin({ purpose: 'new', timeoutMs: 5_000 });
  await until(() => shown.includes('请输入新密码'), 'it asked');
  input.write('13579\nenter\nnonsense\n');
  const entry = await answer;
  expect(entry.ok && entry.value.kind === 'pin' && toHex(entry.value.pin.bytes())).toBe('13579F');
  await until(() => shown.includes('unknown command nonsense'), 'it told of the unknown command');
  expect(shown).toContain('*****');
  expect(shown).not.toContain('13579');
  await terminal.stop();
  stop.abort();
  expect(await running).toBe(0);
  expect(existsSync(link)).toBe(false);
});

test('wrong arguments end with 2 and the help, a path that cannot be made with 1', async () => {
  let shown = '';
  const write = (text: string) => {
    shown += text;
  };
  expect(await runVirtualPinPad(['--link', 'x', '--key', '00'], { write })).toBe(2);
  expect(await runVirtualPinPad(['--key', toHex(key)], { write })).toBe(2);
  expect(await runVirtualPinPad(['--colour', 'red'], { write })).toBe(2);
  expect(await runVirtualPinPad(['--help'], { write })).toBe(0);
  expect(shown).toContain('guitai simulate pin-pad');
  const nowhere = join(folder, 'none', 'pad');
  expect(await runVirtualPinPad(['--link', nowhere, '--key', toHex(key)], { write })).toBe(1);
});

test('a device is plugged and unplugged any number of times without leaving a process or a path', async () => {
  const path = join(folder, 'device');
  let ends = 0;
  const line = deviceOnPty(path, {
    connect: () => ({
      receive: () => undefined,
      end: () => {
        ends += 1;
      },
    }),
  });
  for (let round = 1; round <= 3; round += 1) {
    await line.plug();
    await line.plug();
    expect(existsSync(path)).toBe(true);
    await line.unplug();
    await line.unplug();
    expect(existsSync(path)).toBe(false);
    await until(() => ends === round, 'the device was told');
  }
});
