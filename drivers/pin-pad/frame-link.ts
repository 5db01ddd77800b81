import type { Clock } from '#core/clock';
import { equalBytes } from '#core/hex';
import {
  emptyParser,
  encodeAck,
  encodeFrame,
  encodeNak,
  endPause,
  type PadFrame,
  type PadItem,
  parseFrames,
} from './frames.ts';
import { padCommands } from './messages.ts';

/** Waits of PROTOCOL.md section 1, in milliseconds. */
const ACK_MS = 300;
const PAUSE_MS = 200;
const REPEATS = 3;

export interface FrameLinkOptions {
  readonly clock: Clock;
  /** Hands bytes to the line; false when it is down. */
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
  readonly onFrame: (frame: PadFrame) => void;
  /** So many damaged frames came in a row that the other side has given up repeating. */
  readonly onGarbled: () => void;
}

interface Sending {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly done: (acknowledged: boolean) => void;
  repeatsLeft: number;
  cancel: () => void;
}

/** Frames with acknowledgement and repeats: the terminal's side of PROTOCOL.md section 1. */
export class FrameLink {
  readonly #options: FrameLinkOptions;
  #parser = emptyParser;
  #cancelPause: () => void = () => undefined;
  #nextSequence = 0;
  #lastFrame: PadFrame | undefined;
  #badInARow = 0;
  #garbled = false;
  #sending: Sending | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: FrameLinkOptions) {
    this.#options = options;
  }

  /** Forgets everything of the session before: frames that wait are given up. */
  reset(): void {
    this.#cancelPause();
    this.#parser = emptyParser;
    this.#nextSequence = 0;
    this.#lastFrame = undefined;
    this.#badInARow = 0;
    this.#garbled = false;
    this.#end(false);
  }

  /** Whether damaged bytes came since the last good frame. */
  get garbled(): boolean {
    return this.#garbled;
  }

  /**
   * Resolves true when the pad acknowledged the frame; one frame is on its way at a time. The payload is made
   * when its turn comes; undefined when it is no longer wanted then.
   */
  send(command: number, payload: () => Uint8Array | undefined): Promise<boolean> {
    const mine = this.#queue.then(() => {
      const made = payload();
      return made === undefined ? false : this.#sendNow(command, made);
    });
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  receive(bytes: Uint8Array): void {
    this.#cancelPause();
    const { next, items } = parseFrames(this.#parser, bytes);
    this.#parser = next;
    if (next.pending.length > 0)
      this.#cancelPause = this.#options.clock.after(PAUSE_MS, () => this.#paused());
    this.#take(items);
  }

  #paused(): void {
    const { next, items } = endPause(this.#parser);
    this.#parser = next;
    this.#take(items);
  }

  #take(items: readonly PadItem[]): void {
    let bad = false;
    for (const item of items) {
      if (item.kind === 'ack') {
        if (item.sequence === this.#sending?.sequence) this.#end(true);
      } else if (item.kind === 'nak') this.#repeat();
      else if (item.kind === 'frame') this.#takeFrame(item);
      else bad = true;
    }
    if (!bad) return;
    this.#badInARow += 1;
    this.#garbled = true;
    void this.#options.write(encodeNak(0));
    if (this.#badInARow > REPEATS) {
      this.#badInARow = 0;
      this.#options.onGarbled();
    }
  }

  #takeFrame(frame: PadFrame): void {
    const last = this.#lastFrame;
    const again = last?.sequence === frame.sequence && last.command === frame.command;
    if (again && equalBytes(last.payload, frame.payload)) {
      void this.#options.write(encodeAck(frame.sequence));
      return;
    }
    const expected = last === undefined ? 0 : (last.sequence + 1) & 0xff;
    const isHello = frame.command === padCommands.helloAnswer && frame.sequence === 0;
    if (frame.sequence !== expected && !isHello) return;
    this.#lastFrame = frame;
    this.#badInARow = 0;
    this.#garbled = false;
    void this.#options.write(encodeAck(frame.sequence));
    this.#options.onFrame(frame);
  }

  #sendNow(command: number, payload: Uint8Array): Promise<boolean> {
    const sequence = this.#nextSequence;
    this.#nextSequence = (sequence + 1) & 0xff;
    const bytes = encodeFrame({ sequence, command, payload });
    return new Promise((done) => {
      this.#sending = { sequence, bytes, done, repeatsLeft: REPEATS, cancel: () => undefined };
      this.#transmit(this.#sending);
    });
  }

  #transmit(sending: Sending): void {
    sending.cancel();
    sending.cancel = this.#options.clock.after(ACK_MS, () => this.#repeat());
    void this.#options.write(sending.bytes).then((written) => {
      if (!written && this.#sending === sending) this.#end(false);
    });
  }

  #repeat(): void {
    const sending = this.#sending;
    if (sending === undefined) return;
    if (sending.repeatsLeft === 0) {
      this.#end(false);
      return;
    }
    sending.repeatsLeft -= 1;
    this.#transmit(sending);
  }

  #end(acknowledged: boolean): void {
    const sending = this.#sending;
    this.#sending = undefined;
    sending?.cancel();
    sending?.done(acknowledged);
  }
}
