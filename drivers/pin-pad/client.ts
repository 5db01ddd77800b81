import { randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import { type Fault, fault } from '#core/fault';
import { err, type Result } from '#core/result';
import type { SerialLine } from '../serial/line.ts';
import { type EndOfEntry, PadEntry } from './entry.ts';
import { FrameLink } from './frame-link.ts';
import type { PadFrame } from './frames.ts';
import {
  capabilities,
  decodeHello,
  decodeResult,
  decodeState,
  encodeCancel,
  encodeDisplay,
  encodeEnterPin,
  encodeHello,
  type PadHello,
  padCommands,
  randomBytesInHello,
} from './messages.ts';
import type { PinEntry, PinPadPort, PinRequest } from './port.ts';
import { deriveKeys, keyCheckValue, mac, SecureChannel, sameBytes } from './secure.ts';

export interface PadClientOptions {
  readonly address: string;
  /** Transport key, 16 bytes, see `readPadKey`. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  /** Makes the line; it asks `probe` whether the pad answers. */
  readonly openLine: (probe: () => Promise<boolean>) => SerialLine;
  /** How long after the time of an entry the pad's own word is waited for. Default 3 s. */
  readonly graceMs?: number;
  /** Deadline of HELLO, STATUS and CANCEL. Default 2 s. */
  readonly answerMs?: number;
}

/** A pad that can also show two lines of text and beep. */
export interface TalkingPinPad extends PinPadPort {
  /** Shows two lines until the next entry. False when the pad did not take them. */
  display(upper: string, lower: string): Promise<boolean>;
  beep(count: number): Promise<boolean>;
}

interface Session {
  readonly channel: SecureChannel;
  readonly hello: PadHello;
}

type HelloOutcome = 'silent' | 'answered';

/** The terminal's side of PROTOCOL.md over a line that comes and goes. */
export class PadClient implements TalkingPinPad {
  readonly kind = 'pin-pad';
  readonly address: string;
  readonly #options: PadClientOptions;
  readonly #line: SerialLine;
  readonly #frames: FrameLink;
  readonly #listeners = new Set<(state: DeviceState) => void>();
  #told: DeviceState = { kind: 'idle' };
  #session: Session | undefined;
  /** Why there is no session although the pad answers. */
  #trouble: Fault | undefined;
  #entry: PadEntry | undefined;
  #entryNumber = 0;
  #hello: Promise<HelloOutcome> | undefined;
  #onHello: (payload: Uint8Array | undefined) => void = () => undefined;
  #onState: () => void = () => undefined;

  constructor(options: PadClientOptions) {
    this.#options = options;
    this.address = options.address;
    this.#line = options.openLine(() => this.#probe());
    this.#frames = new FrameLink({
      clock: options.clock,
      write: async (bytes) => (await this.#line.write(bytes)).ok,
      onFrame: (frame) => this.#received(frame),
      onGarbled: () => this.#refuse('damaged frames'),
    });
  }

  async start(): Promise<void> {
    this.#line.onBytes((bytes) => this.#frames.receive(bytes));
    this.#line.onState((state) => {
      if (state.kind === 'fault') this.#endSession(state.fault);
      this.#tell();
    });
    await this.#line.start();
  }

  async stop(): Promise<void> {
    if (this.#entry !== undefined) await this.cancel();
    this.#endSession(fault('pin-pad-missing', 'stopped'));
    await this.#line.stop();
    this.#tell();
    this.#listeners.clear();
  }

  state(): DeviceState {
    const line = this.#line.state();
    if (line.kind !== 'ready') return line;
    if (this.#trouble !== undefined) return { kind: 'fault', fault: this.#trouble };
    const hello = this.#session?.hello;
    return hello === undefined
      ? { kind: 'ready' }
      : { kind: 'ready', detail: `${hello.serial} ${hello.firmware}`.trim() };
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async enterPin(request: PinRequest): Promise<Result<PinEntry, Fault>> {
    if (this.#entry !== undefined) return err(fault('pin-pad-busy'));
    this.#entryNumber = (this.#entryNumber + 1) & 0xffff;
    const number = this.#entryNumber;
    const { clock, graceMs = 3_000 } = this.#options;
    const entry = new PadEntry(number, () => {
      if (this.#entry === entry) this.#entry = undefined;
    });
    this.#entry = entry;
    const cancelDeadline = clock.after(request.timeoutMs + graceMs, () => {
      void this.#send(padCommands.cancel, encodeCancel(number));
      entry.end(err(fault('pin-pad-timeout')));
    });
    void this.#begin(entry, request);
    const answer = await entry.ended;
    cancelDeadline();
    return answer;
  }

  async cancel(): Promise<void> {
    const entry = this.#entry;
    if (entry === undefined) return;
    entry.cancelled = true;
    const stopWaiting = this.#options.clock.after(this.#answerMs(), () => entry.end(cancelledByTerminal()));
    const sent = await this.#send(padCommands.cancel, encodeCancel(entry.number));
    if (!sent) entry.end(cancelledByTerminal());
    await entry.ended;
    stopWaiting();
  }

  display(upper: string, lower: string): Promise<boolean> {
    return this.#send(padCommands.display, encodeDisplay(upper, lower));
  }

  beep(count: number): Promise<boolean> {
    return this.#send(padCommands.beep, Uint8Array.of(Math.min(255, Math.max(1, count))));
  }

  async #begin(entry: PadEntry, request: PinRequest): Promise<void> {
    if (this.#session === undefined && this.#line.state().kind === 'ready') await this.#greet();
    const session = this.#session;
    if (session === undefined) {
      const line = this.#line.state();
      const why = line.kind === 'fault' ? line.fault : (this.#trouble ?? fault('pin-pad-missing'));
      entry.end(err(why));
      return;
    }
    if (entry.over) return;
    const makesBlock = (session.hello.capabilities & capabilities.cardBlock) !== 0;
    const sent = await this.#send(
      padCommands.enterPin,
      encodeEnterPin(entry.number, request, makesBlock && request.challenge !== undefined),
    );
    if (!sent && !entry.over) this.#lost();
  }

  /** Is the pad there? Greets it when there is no session, else asks for its state. */
  async #probe(): Promise<boolean> {
    if (this.#session === undefined) {
      const answered = (await this.#greet()) === 'answered';
      this.#tell();
      return answered;
    }
    const answered = this.#wait((done) => {
      this.#onState = () => done(true);
    }, false);
    void this.#send(padCommands.status, new Uint8Array());
    return (await answered) || this.#trouble !== undefined;
  }

  #greet(): Promise<HelloOutcome> {
    this.#hello ??= this.#greetNow().finally(() => {
      this.#hello = undefined;
    });
    return this.#hello;
  }

  async #greetNow(): Promise<HelloOutcome> {
    const terminalRandom = randomBytes(randomBytesInHello);
    this.#frames.reset();
    const answer = this.#wait<Uint8Array | undefined>((done) => {
      this.#onHello = done;
    }, undefined);
    void this.#frames
      .send(padCommands.hello, () => encodeHello(terminalRandom))
      .then((acknowledged) => {
        if (!acknowledged) this.#onHello(undefined);
      });
    const payload = await answer;
    this.#onHello = () => undefined;
    if (payload === undefined) {
      if (!this.#frames.garbled) return 'silent';
      this.#trouble = fault('pin-pad-garbled', 'damaged frames');
      return 'answered';
    }
    this.#trouble = this.#accept(terminalRandom, payload);
    return 'answered';
  }

  /** Takes up the session, or says why not. */
  #accept(terminalRandom: Uint8Array, payload: Uint8Array): Fault | undefined {
    const hello = decodeHello(payload);
    if (hello === undefined) return fault('pin-pad-garbled', 'greeting');
    if (hello.tampered) return fault('pin-pad-tampered');
    if (!sameBytes(hello.keyCheckValue, keyCheckValue(this.#options.key)))
      return fault('pin-pad-key-wrong', 'the pad holds another transport key');
    const keys = deriveKeys(this.#options.key, terminalRandom, hello.padRandom);
    const channel = new SecureChannel(keys);
    if (!sameBytes(hello.mac, mac(keys, terminalRandom, hello.covered))) {
      channel.wipe();
      return fault('pin-pad-garbled', 'the greeting is not genuine');
    }
    this.#session = { channel, hello };
    return undefined;
  }

  #received(frame: PadFrame): void {
    if (frame.command === padCommands.helloAnswer) {
      this.#onHello(frame.payload);
      return;
    }
    const session = this.#session;
    if (session === undefined) return;
    const opened = session.channel.open(frame.command, frame.payload);
    if (opened === undefined) this.#refuse('a frame is repeated or not genuine');
    else if (frame.command === padCommands.result) this.#result(session, opened.body, opened.counter);
    else if (frame.command === padCommands.state) this.#stateOfPad(opened.body);
  }

  #result(session: Session, body: Uint8Array, counter: number): void {
    const result = decodeResult(body);
    if (result === undefined) this.#refuse('a result that cannot be read');
    else if (result.entry === this.#entry?.number)
      this.#entry.finish(result.outcome, (secret) => session.channel.decipher(secret, counter));
  }

  #stateOfPad(body: Uint8Array): void {
    const state = decodeState(body);
    if (state === undefined) this.#refuse('a state that cannot be read');
    else if (state.tampered) this.#fail(fault('pin-pad-tampered'));
    else this.#onState();
  }

  /** What came is damaged or not genuine: nothing more of this session is believed. */
  #refuse(detail: string): void {
    // Before a session the greeting itself tells.
    if (this.#session !== undefined) this.#fail(fault('pin-pad-garbled', detail));
  }

  #fail(why: Fault): void {
    this.#trouble = why;
    this.#endSession(why);
    this.#tell();
    // A damaged session is greeted anew at once; the line's own looks come back to any other trouble.
    if (why.code === 'pin-pad-garbled') void this.#greet().then(() => this.#tell());
  }

  /** The pad acknowledged nothing. */
  #lost(): void {
    if (this.#frames.garbled) this.#fail(fault('pin-pad-garbled', 'damaged frames'));
    else this.#line.drop('the pad does not answer');
  }

  #endSession(why: Fault): void {
    this.#session?.channel.wipe();
    this.#session = undefined;
    this.#frames.reset();
    this.#onHello(undefined);
    this.#entry?.end(err(why));
    if (why.code === 'pin-pad-missing') this.#trouble = undefined;
  }

  #send(command: number, body: Uint8Array): Promise<boolean> {
    const session = this.#session;
    if (session === undefined) return Promise.resolve(false);
    return this.#frames.send(command, () =>
      this.#session === session ? session.channel.seal(command, body) : undefined,
    );
  }

  #wait<T>(begin: (done: (answer: T) => void) => void, late: T): Promise<T> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(this.#answerMs(), () => resolve(late));
      begin((answer) => {
        cancel();
        resolve(answer);
      });
    });
  }

  #answerMs(): number {
    return this.#options.answerMs ?? 2_000;
  }

  #tell(): void {
    const state = this.state();
    const same =
      state.kind === this.#told.kind &&
      (state.kind !== 'fault' || (this.#told.kind === 'fault' && this.#told.fault.code === state.fault.code));
    this.#told = state;
    if (same) return;
    for (const listener of [...this.#listeners]) listener(state);
  }
}

function cancelledByTerminal(): EndOfEntry {
  return err(fault('pin-pad-cancelled', 'by the terminal'));
}
