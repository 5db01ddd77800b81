import type { Clock } from '#core/clock';
import { packFrame, WireReader } from './wire.ts';

export interface PadLineOptions {
  readonly clock: Clock;
  readonly send: (bytes: Uint8Array) => void;
  readonly onFrame: (command: number, payload: Buffer) => void;
  /** The terminal acknowledged nothing, four times: the session is over. */
  readonly onGivenUp: () => void;
}

/** Acknowledgements, repeats and sequence numbers of the pad: drivers/pin-pad/PROTOCOL.md section 1. */
export class PadLine {
  readonly #options: PadLineOptions;
  readonly #reader = new WireReader();
  #expected: number | undefined;
  #last: { readonly sequence: number; readonly command: number; readonly payload: Buffer } | undefined;
  #next = 0;
  #outbox: { readonly command: number; readonly payload: () => Buffer }[] = [];
  #inFlight: { readonly sequence: number; readonly frame: Buffer; tries: number } | undefined;
  #cancelTimer: () => void = () => undefined;
  #cancelPause: () => void = () => undefined;

  constructor(options: PadLineOptions) {
    this.#options = options;
  }

  end(): void {
    this.#cancelTimer();
    this.#cancelPause();
    this.#outbox = [];
    this.#inFlight = undefined;
  }

  receive(bytes: Uint8Array): void {
    this.#cancelPause();
    for (const arrival of this.#reader.read(bytes)) {
      if (arrival.what === 'damage') this.#options.send(Buffer.of(0x15, 0));
      else if (arrival.what === 'nak') this.#again();
      else if (arrival.what === 'ack') this.#acknowledged(arrival.sequence);
      else this.#accept(arrival);
    }
    if (this.#reader.inFrame)
      this.#cancelPause = this.#options.clock.after(200, () => {
        this.#reader.giveUp();
        this.#options.send(Buffer.of(0x15, 0));
      });
  }

  post(command: number, payload: () => Buffer): void {
    this.#outbox.push({ command, payload });
    this.#sendNext();
  }

  /** HELLO begins all counts anew. */
  restart(): void {
    this.end();
    this.#next = 0;
  }

  #accept(frame: { readonly sequence: number; readonly command: number; readonly payload: Buffer }): void {
    const { sequence, command, payload } = frame;
    const last = this.#last;
    const repeated = last?.sequence === sequence && last.command === command && last.payload.equals(payload);
    const isHello = command === 0x01 && sequence === 0;
    if (!repeated && !isHello && sequence !== this.#expected) return;
    this.#options.send(Buffer.of(0x06, sequence));
    if (repeated) return;
    this.#last = { sequence, command, payload: Buffer.from(payload) };
    this.#expected = (sequence + 1) % 256;
    this.#options.onFrame(command, payload);
  }

  #acknowledged(sequence: number): void {
    if (this.#inFlight?.sequence !== sequence) return;
    this.#cancelTimer();
    this.#inFlight = undefined;
    this.#sendNext();
  }

  #sendNext(): void {
    if (this.#inFlight !== undefined) return;
    const message = this.#outbox.shift();
    if (message === undefined) return;
    const frame = packFrame(this.#next, message.command, message.payload());
    this.#inFlight = { sequence: this.#next, frame, tries: 0 };
    this.#next = (this.#next + 1) % 256;
    this.#again();
  }

  #again(): void {
    const waiting = this.#inFlight;
    if (waiting === undefined) return;
    this.#cancelTimer();
    waiting.tries += 1;
    if (waiting.tries > 4) {
      this.end();
      this.#options.onGivenUp();
      return;
    }
    this.#cancelTimer = this.#options.clock.after(300, () => this.#again());
    this.#options.send(waiting.frame);
  }
}
