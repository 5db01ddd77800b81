import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { startVirtualPrinter, type VirtualPrinter } from '#simulators/printer/server';

const CHINESE = [0x1b, 0x40, 0x1c, 0x26];
const CUT = [0x1d, 0x56, 0x00];
const row = (text: string) => [...Buffer.from(`${text}\n`, 'latin1')];

let printer: VirtualPrinter | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await printer?.stop();
  printer = undefined;
});

async function start(): Promise<VirtualPrinter> {
  printer = await startVirtualPrinter({ port: 0, clock: new ManualClock(1_700_000_000_000) });
  return printer;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, kind: number): Promise<number | undefined> {
  socket.write(Uint8Array.of(0x10, 0x04, kind));
  const [answer] = await once(socket, 'data');
  return (answer as Buffer)[0];
}

async function nextSlip(from: VirtualPrinter): Promise<string> {
  return new Promise((resolve) => {
    const stop = from.onSlip((slip) => {
      stop();
      resolve(slip.id);
    });
  });
}

test('a slip ends at its cut, with time, text and picture', async () => {
  const virtual = await start();
  const socket = await dial(virtual.port);
  const slip = nextSlip(virtual);
  socket.write(Uint8Array.from([...CHINESE, ...row('one'), ...CUT, ...row('two')]));
  const id = await slip;
  expect(virtual.slips()).toHaveLength(1);
  expect(virtual.slips()[0]).toMatchObject({ id, printedAtMs: 1_700_000_000_000, text: 'one' });
  expect(virtual.slipText(id)).toBe('one');
  expect(virtual.slipText('slip-99')).toBeUndefined();
});

test('paper, near end, cover: the answers to DLE EOT carry the bits of the manual', async () => {
  const virtual = await start();
  const socket = await dial(virtual.port);
  expect([await ask(socket, 1), await ask(socket, 2), await ask(socket, 4)]).toEqual([0x12, 0x12, 0x12]);
  virtual.setPaperLow(true);
  expect(await ask(socket, 4)).toBe(0x1e);
  virtual.setPaperOut(true);
  expect([await ask(socket, 1), await ask(socket, 2), await ask(socket, 4)]).toEqual([0x1a, 0x32, 0x7e]);
  virtual.setPaperOut(false);
  virtual.setCoverOpen(true);
  expect([await ask(socket, 1), await ask(socket, 2)]).toEqual([0x1a, 0x16]);
  expect(virtual.state()).toEqual({ paperOut: false, coverOpen: true, unplugged: false });
});

test('bytes sent without paper wait in the buffer, status is answered meanwhile, new paper prints them', async () => {
  const virtual = await start();
  const socket = await dial(virtual.port);
  virtual.setPaperOut(true);
  socket.write(Uint8Array.from([...CHINESE, ...row('waits'), ...CUT]));
  expect(await ask(socket, 1)).toBe(0x1a);
  expect(virtual.slips()).toHaveLength(0);
  virtual.setPaperOut(false);
  expect(virtual.slips().map((slip) => slip.text)).toEqual(['waits']);
});

test('unplugged: connections break and nobody listens; plugged in again it has the same port', async () => {
  const virtual = await start();
  const socket = await dial(virtual.port);
  const gone = once(socket, 'close');
  await virtual.setUnplugged(true);
  await gone;
  await expect(dial(virtual.port)).rejects.toThrow();
  await virtual.setUnplugged(false);
  expect(await ask(await dial(virtual.port), 1)).toBe(0x12);
});

test('one client at a time: the second is served when the first hangs up', async () => {
  const virtual = await start();
  const first = await dial(virtual.port);
  const second = await dial(virtual.port);
  second.write(Uint8Array.from([...row('second'), ...CUT]));
  first.write(Uint8Array.from([...row('first'), ...CUT]));
  expect(await ask(first, 1)).toBe(0x12);
  expect(virtual.slips().map((slip) => slip.text)).toEqual(['first']);
  const slip = nextSlip(virtual);
  first.end();
  await slip;
  expect(virtual.slips().map(({ text }) => text)).toEqual(['first', 'second']);
});

test('a drawer pulse opens the drawer and prints nothing; its switch is told until it is shut', async () => {
  const virtual = await start();
  const socket = await dial(virtual.port);
  const opened = new Promise((resolve) => virtual.onDrawer(resolve));
  socket.write(Uint8Array.of(0x1b, 0x70, 0, 25, 250));
  expect(await opened).toMatchObject({ pin: 2, onMs: 50, offMs: 500 });
  expect(await ask(socket, 1)).toBe(0x16);
  virtual.engine.closeDrawer();
  expect(await ask(socket, 1)).toBe(0x12);
  socket.write(Uint8Array.of(0x10, 0x14, 1, 1, 2));
  expect(await ask(socket, 1)).toBe(0x16);
  expect(virtual.drawerPulses()).toMatchObject([{ pin: 2 }, { pin: 5, onMs: 200 }]);
  expect(virtual.engine.drawerKicks).toBe(2);
  expect(virtual.slips()).toEqual([]);
});
