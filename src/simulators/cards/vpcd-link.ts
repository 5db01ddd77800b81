import { connect, type Socket } from 'node:net';
import { type Clock, delay } from '#core/clock';
import { concatBytes } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';

export interface VirtualReaderLinkOptions {
  /** Where the virtual reader's slot listens. */
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** How long to wait for the reader to listen, ms; default 15 000. */
  readonly connectWithinMs?: number;
  /** Pause between two tries, ms; default 100. */
  readonly retryMs?: number;
  /** The card stays in the reader when the card service is started again; default false. */
  readonly reconnect?: boolean;
  /** Answers power and ATR requests and never a command: a card that dies in use. */
  readonly mute?: boolean;
}

/** A card lying in the virtual reader's slot. */
export interface VirtualReaderLink {
  /** Pulls the card out; resolves when the connection is closed. Safe to call twice. */
  remove(): Promise<void>;
  /** Resolves when the card is out: removed, or the reader gone (with `reconnect` only when removed). */
  readonly closed: Promise<void>;
}

const POWER_OFF = 0x00;
const POWER_ON = 0x01;
const RESET = 0x02;
const GET_ATR = 0x04;

/**
 * An empty answer would mean "no card". One byte more than an ATR may have makes the card service see a
 * card that it cannot power, which is how a card put in the wrong way round looks.
 */
const NO_ATR = new Uint8Array(34).fill(0x3b);

/**
 * Puts a card into a slot of the virtual reader (vsmartcard-vpcd): frames of a two-byte big-endian length
 * and payload; one-byte payloads are 00 power off, 01 power on, 02 reset, 04 give ATR, all else is an APDU.
 * A card with an empty ATR is seen as mute. Rejects when nobody listens in time.
 */
export async function connectToVirtualReader(
  card: CardLike,
  options: VirtualReaderLinkOptions,
): Promise<VirtualReaderLink> {
  let removed = false;
  let socket = await connectInTime(options, () => removed);
  serve(socket, card, options.mute ?? false);
  const closed = (async () => {
    for (;;) {
      await closing(socket);
      card.powerOff();
      if (removed || options.reconnect !== true) return;
      const next = await connectAgain(options, () => removed);
      if (next === undefined) return;
      socket = next;
      serve(socket, card, options.mute ?? false);
    }
  })();
  return {
    closed,
    async remove() {
      removed = true;
      socket.destroy();
      await closed;
    },
  };
}

/** Tries without end until the card is pulled. */
async function connectAgain(
  options: VirtualReaderLinkOptions,
  stopped: () => boolean,
): Promise<Socket | undefined> {
  while (!stopped()) {
    await delay(options.clock, options.retryMs ?? 100);
    const attempt = await tryToConnect(options);
    if (!(attempt instanceof Error)) {
      if (!stopped()) return attempt;
      attempt.destroy();
    }
  }
  return undefined;
}

async function connectInTime(options: VirtualReaderLinkOptions, stopped: () => boolean): Promise<Socket> {
  const { clock, connectWithinMs = 15_000, retryMs = 100 } = options;
  const endMs = clock.monotonicMs() + connectWithinMs;
  for (;;) {
    const attempt = await tryToConnect(options);
    if (!(attempt instanceof Error)) return attempt;
    if (stopped() || clock.monotonicMs() >= endMs) throw attempt;
    await delay(clock, retryMs);
  }
}

function tryToConnect({ host, port }: VirtualReaderLinkOptions): Promise<Socket | Error> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('error', (error) => {
      socket.destroy();
      resolve(error);
    });
    socket.once('connect', () => resolve(socket));
  });
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

function serve(socket: Socket, card: CardLike, mute: boolean): void {
  let received: Uint8Array = new Uint8Array(0);
  // A reset connection is an ordinary end; 'close' follows.
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    received = concatBytes(received, chunk);
    for (;;) {
      const length = ((received[0] ?? 0) << 8) | (received[1] ?? 0);
      if (received.length < 2 || received.length < 2 + length) return;
      const payload = received.slice(2, 2 + length);
      received = received.slice(2 + length);
      const answer = answerTo(payload, card, mute);
      // Length and payload leave in one write: two small packets would wait for each other's confirmation.
      if (answer !== undefined) socket.write(concatBytes(bigEndian(answer.length), answer));
    }
  });
}

function answerTo(payload: Uint8Array, card: CardLike, mute: boolean): Uint8Array | undefined {
  if (payload.length !== 1) return mute || payload.length === 0 ? undefined : card.transmit(payload);
  switch (payload[0]) {
    case POWER_OFF:
      card.powerOff();
      return undefined;
    case POWER_ON:
      card.powerOn();
      return undefined;
    case RESET:
      card.reset();
      return undefined;
    case GET_ATR:
      return card.atr.length === 0 ? NO_ATR : card.atr;
    default:
      return undefined;
  }
}

function bigEndian(length: number): Uint8Array {
  return Uint8Array.of(length >> 8, length & 0xff);
}
