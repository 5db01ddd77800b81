import { connect, type Socket } from 'node:net';
import { fromHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';

/** The least a card can be: answers every command with `answer`, counts what it was asked. */
export class TinyCard implements CardLike {
  readonly atr: Uint8Array;
  readonly commands: Uint8Array[] = [];
  /** What a command is answered with; undefined is silence. */
  answer: (command: Uint8Array) => Uint8Array | undefined;

  constructor(
    atrHex: string,
    answer: (command: Uint8Array) => Uint8Array | undefined = () => fromHex('9000'),
  ) {
    this.atr = fromHex(atrHex);
    this.answer = answer;
  }

  powerOn(): void {}
  powerOff(): void {}
  reset(): void {}

  transmit(command: Uint8Array): Uint8Array | undefined {
    this.commands.push(command);
    return this.answer(command);
  }
}

/** Contact answers to reset of two invented cards. */
export const atrOfCardOne = '3B6D000000810000018699990100000001';
export const atrOfCardTwo = '3B6D000000810000028699990100000002';

/** Speaks for a card on the virtual reader's wire: two length bytes and the payload; one byte is a control. */
export async function putOnWire(card: CardLike, port: number): Promise<{ pull(): void }> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => socket.destroy());
  let waiting = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const end = 2 + waiting.readUInt16BE(0);
      answerTo(card, socket, waiting.subarray(2, end));
      waiting = waiting.subarray(end);
    }
  });
  return { pull: () => socket.destroy() };
}

function answerTo(card: CardLike, socket: Socket, payload: Buffer): void {
  if (payload.length > 1) {
    const answer = card.transmit(Uint8Array.from(payload));
    if (answer !== undefined) write(socket, answer);
    return;
  }
  if (payload[0] === 0x04) write(socket, card.atr);
  else if (payload[0] === 0x00) card.powerOff();
  else if (payload[0] === 0x01) card.powerOn();
  else if (payload[0] === 0x02) card.reset();
}

function write(socket: Socket, payload: Uint8Array): void {
  if (socket.destroyed) return;
  const frame = Buffer.alloc(2 + payload.length);
  frame.writeUInt16BE(payload.length, 0);
  frame.set(payload, 2);
  socket.write(frame);
}
