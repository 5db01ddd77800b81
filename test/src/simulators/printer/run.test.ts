import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { tcpPrinter } from '#drivers/printer/tcp';
import { runVirtualPrinter } from '#simulators/printer/run';
import { smallSlip } from '../../../contract/printer-contract.ts';

/** Collects what the command writes and lets a test wait for a line. */
function screen() {
  let text = '';
  let wake: () => void = () => undefined;
  return {
    write: (part: string) => {
      text += part;
      wake();
    },
    text: () => text,
    async until(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const found = pattern.exec(text);
        if (found !== null) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

test('the command tells its address, shows and keeps each slip, obeys its input and ends with 0', async () => {
  const out = mkdtempSync(join(tmpdir(), 'guitai-slips-'));
  const [shown, input, stop] = [screen(), new PassThrough(), new AbortController()];
  const environment = { write: shown.write, input, signal: stop.signal };
  const running = runVirtualPrinter(['--port', '0', '--columns', '32', '--out', out], environment);
  const [, port] = await shown.until(/tcp:\/\/127\.0\.0\.1:(\d+)/);
  const printer = tcpPrinter({ host: '127.0.0.1', port: Number(port), clock: systemClock });
  expect(await printer.print(smallSlip('kept'))).toMatchObject({ ok: true });
  await shown.until(/中kept\n=+\n/);
  input.write('cover-open\nnonsense\n');
  await shown.until(/unknown command nonsense/);
  expect(await printer.status()).toMatchObject({ ok: true, value: { coverOpen: true } });
  await printer.close();
  stop.abort();
  expect(await running).toBe(0);
  const names = readdirSync(out).sort();
  expect(names.map((name) => name.replace(/^\d+-/, ''))).toEqual(['slip-1.svg', 'slip-1.txt']);
  expect(readFileSync(join(out, names[0] ?? ''), 'utf8')).toMatch(/^<svg /);
  rmSync(out, { recursive: true });
});

test.each([['--port', 'x'], ['--columns', '40'], ['--what']])(
  'wrong arguments %s are explained and end with 2',
  async (...args) => {
    const shown = screen();
    expect(await runVirtualPrinter(args, { write: shown.write })).toBe(2);
    expect(shown.text()).toContain('guitai simulate printer [--port 9100]');
  },
);

test('a port that is taken is told and ends with 1', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const shown = screen();
  expect(await runVirtualPrinter(['--port', String(port)], { write: shown.write })).toBe(1);
  expect(shown.text()).toContain('EADDRINUSE');
  await new Promise((resolve) => other.close(resolve));
});
