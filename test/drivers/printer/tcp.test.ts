import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { tcpPrinter } from '#drivers/printer/tcp';
import { startVirtualPrinter } from '#simulators/printer/server';
import { smallSlip } from '../../contract/printer-contract.ts';

const timings = { connectMs: 1_000, answerMs: 300, transferMs: 2_000, confirmMs: 200 };
const manyRows = smallSlip(`${'row\n'.repeat(30)}end`);

test('paper runs out under a slip: the outcome is unknown with its reason, the rest comes out with new paper', async () => {
  const virtual = await startVirtualPrinter({ port: 0, clock: systemClock });
  const printer = tcpPrinter({ host: '127.0.0.1', port: virtual.port, clock: systemClock, timings });
  try {
    virtual.engine.runOutAfterRows(10);
    expect(await printer.print(manyRows)).toMatchObject({
      ok: false,
      error: { code: 'printer-outcome-unknown', retry: 'ambiguous', detail: 'printer-paper-out' },
    });
    expect(virtual.slips()).toHaveLength(0);
    expect(await printer.print(smallSlip('next'))).toMatchObject({ error: { code: 'printer-paper-out' } });
    virtual.setPaperOut(false);
    expect(virtual.slips()).toHaveLength(1);
    expect(virtual.slips()[0]?.text).toContain('end');
  } finally {
    await printer.close();
    await virtual.stop();
  }
});

test('a printer that does not know GS r prints by its status alone, and is asked for it only once', async () => {
  const virtual = await startVirtualPrinter({ port: 0, clock: systemClock, answersInOrder: false });
  const printer = tcpPrinter({ host: '127.0.0.1', port: virtual.port, clock: systemClock, timings });
  try {
    expect(await printer.print(smallSlip('one'))).toMatchObject({ ok: true });
    const beganMs = performance.now();
    expect(await printer.print(smallSlip('two'))).toMatchObject({ ok: true });
    expect(performance.now() - beganMs).toBeLessThan(timings.answerMs);
    expect(virtual.slips().map((slip) => slip.text)).toEqual(['中one', '中two']);
  } finally {
    await printer.close();
    await virtual.stop();
  }
});

test('a printer that goes mute after the slip: the outcome is unknown', async () => {
  const virtual = await startVirtualPrinter({ port: 0, clock: systemClock, answersInOrder: false });
  const printer = tcpPrinter({ host: '127.0.0.1', port: virtual.port, clock: systemClock, timings });
  try {
    const first = virtual.onSlip(() => virtual.setMute(true));
    expect(await printer.print(smallSlip('said'))).toMatchObject({ error: { retry: 'ambiguous' } });
    first();
    expect(virtual.slips()).toHaveLength(1);
  } finally {
    await printer.close();
    await virtual.stop();
  }
});

test('something that is no printer answers garbage: nothing is printed', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const printer = tcpPrinter({ host: '127.0.0.1', port, clock: systemClock, timings });
  const result = await printer.print(smallSlip('x'));
  expect(result).toMatchObject({ ok: false, error: { retry: 'transient' } });
  await printer.close();
  await new Promise((resolve) => server.close(resolve));
});

test('nobody listens: unreachable within the deadline, and its words say so', async () => {
  const printer = tcpPrinter({ host: '127.0.0.1', port: 1, clock: systemClock, timings });
  expect(await printer.status()).toMatchObject({ ok: false, error: { code: 'printer-unreachable' } });
  expect(printer.address).toBe('tcp://127.0.0.1:1');
});
