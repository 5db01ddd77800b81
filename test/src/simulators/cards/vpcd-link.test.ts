import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { assert } from '#core/assert';
import { systemClock } from '#core/clock';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { runVirtualCard } from '#simulators/cards/run-virtual-card';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { connectToVirtualReader, type VirtualReaderLink } from '#simulators/cards/vpcd-link';

/** The reader's end of the wire, as the virtual reader's driver speaks it. */
class ReaderSlot {
  readonly #server: Server;
  #received: Uint8Array = new Uint8Array(0);

  constructor(server: Server) {
    this.#server = server;
  }

  static async listen(port = 0): Promise<ReaderSlot> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new ReaderSlot(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async accept(): Promise<Socket> {
    const [socket] = await once(this.#server, 'connection');
    socket.on('data', (chunk: Uint8Array) => {
      this.#received = concatBytes(this.#received, chunk);
    });
    socket.on('error', () => undefined);
    return socket;
  }

  send(socket: Socket, ...payloads: string[]): void {
    for (const payload of payloads) {
      const bytes = fromHex(payload);
      socket.write(concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes));
    }
  }

  async frame(socket: Socket): Promise<string> {
    for (;;) {
      const length = ((this.#received[0] ?? 0) << 8) | (this.#received[1] ?? 0);
      if (this.#received.length >= 2 + length && this.#received.length >= 2) {
        const payload = this.#received.slice(2, 2 + length);
        this.#received = this.#received.slice(2 + length);
        return toHex(payload);
      }
      await once(socket, 'data');
    }
  }

  async close(socket?: Socket): Promise<void> {
    socket?.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

const SELECT_SSSE = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';
const clock = systemClock;
const host = '127.0.0.1';
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function lying(link: VirtualReaderLink): VirtualReaderLink {
  cleanups.push(() => link.remove());
  return link;
}

describe('a card in the virtual reader', () => {
  it('answers power, ATR and commands, however the bytes are cut', async () => {
    const slot = await ReaderSlot.listen();
    const accepted = slot.accept();
    const link = lying(await connectToVirtualReader(makeTrainingCard('B'), { host, port: slot.port, clock }));
    const socket = await accepted;
    cleanups.push(() => slot.close(socket));
    slot.send(socket, '04', '01', SELECT_SSSE, '02', '00C0000018');
    expect(await slot.frame(socket)).toBe('3B6D000000810000028699990100000002');
    expect(await slot.frame(socket)).toBe('6118');
    expect(await slot.frame(socket)).toBe('6F00');
    for (const byte of concatBytes(fromHex('0014'), fromHex(SELECT_SSSE))) socket.write(Uint8Array.of(byte));
    expect(await slot.frame(socket)).toBe('6118');
    const ended = once(socket, 'close');
    await link.remove();
    await link.remove();
    await ended;
    await link.closed;
  });

  it('that is mute gives its ATR and never answers a command', async () => {
    const slot = await ReaderSlot.listen();
    const accepted = slot.accept();
    lying(await connectToVirtualReader(makeTrainingCard('B'), { host, port: slot.port, clock, mute: true }));
    const socket = await accepted;
    cleanups.push(() => slot.close(socket));
    slot.send(socket, '01', SELECT_SSSE, '04');
    expect(await slot.frame(socket)).toBe('3B6D000000810000028699990100000002');
  });

  it('waits for a reader that is still starting', async () => {
    const first = await ReaderSlot.listen();
    const { port } = first;
    await first.close();
    const linking = connectToVirtualReader(makeTrainingCard('B'), { host, port, clock, retryMs: 5 });
    const slot = await ReaderSlot.listen(port);
    const socket = await slot.accept();
    cleanups.push(() => slot.close(socket));
    lying(await linking);
  });

  it('gives up with the reason when nobody listens in time', async () => {
    const slot = await ReaderSlot.listen();
    const { port } = slot;
    await slot.close();
    const card = makeTrainingCard('B');
    const linking = connectToVirtualReader(card, { host, port, clock, retryMs: 5, connectWithinMs: 20 });
    await expect(linking).rejects.toThrow('ECONNREFUSED');
  });

  it('is out when the reader goes, unless it was told to stay', async () => {
    const slot = await ReaderSlot.listen();
    const { port } = slot;
    const accepted = slot.accept();
    const link = lying(await connectToVirtualReader(makeTrainingCard('B'), { host, port, clock }));
    await slot.close(await accepted);
    await link.closed;
  });

  it('stays in over a restart of the card service and keeps its PIN counter', async () => {
    const first = await ReaderSlot.listen();
    const { port } = first;
    const accepted = first.accept();
    const link = await runVirtualCard({ cardId: 'B', port });
    assert(link !== 'unknown-card', 'card B is in the box');
    lying(link);
    const before = await accepted;
    first.send(before, '01', '0020000003000000');
    expect(await first.frame(before)).toBe('63C5');
    await first.close(before);
    const second = await ReaderSlot.listen(port);
    const after = await second.accept();
    cleanups.push(() => second.close(after));
    second.send(after, '0020000000', '04', '01', '0020000000');
    // Without power it is mute: only ATR and the command after power-on are answered.
    expect(await second.frame(after)).toBe('3B6D000000810000028699990100000002');
    expect(await second.frame(after)).toBe('63C5');
  });

  it('may be one of the deviant cards', async () => {
    const slot = await ReaderSlot.listen();
    const accepted = slot.accept();
    const link = await runVirtualCard({ cardId: 'block-protocol', port: slot.port });
    assert(link !== 'unknown-card', 'the deviant cards are known by id');
    lying(link);
    const socket = await accepted;
    cleanups.push(() => slot.close(socket));
    slot.send(socket, '04');
    expect(await slot.frame(socket)).toMatch(/^3BED000001/);
  });

  it('that nobody knows is refused by its id', async () => {
    expect(await runVirtualCard({ cardId: 'Z', port: 1 })).toBe('unknown-card');
  });
});
