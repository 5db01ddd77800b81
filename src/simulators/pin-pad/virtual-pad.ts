import { randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock';
import type { PadKey } from '#core/training';
import { cardBlock, PadSession, padKeyCheckValue } from './pad-keys.ts';
import { PadLine } from './pad-line.ts';

export interface VirtualPinPadOptions {
  /** 16 bytes, the same that the terminal's key file holds. */
  readonly transportKey: Uint8Array;
  readonly clock: Clock;
  readonly serial?: string;
  readonly firmware?: string;
  /** Whether it makes the card's block itself; default yes. */
  readonly makesCardBlocks?: boolean;
}

interface Entry {
  readonly number: number;
  readonly challenge: Uint8Array;
  readonly digits: Uint8Array;
  count: number;
  readonly cancelTimer: () => void;
}

const IDLE_SCREEN: readonly string[] = ['欢迎使用'];
const PURPOSES: readonly string[] = ['', '请输入密码', '请输入原密码', '请输入新密码', '请再输一次新密码'];
const DIGITS_MAX = 12;
const DIGITS_MIN = 4;

/**
 * A PIN pad (密码键盘) on a stream of bytes, with keys to press, a screen, and the faults of a real one. It
 * speaks drivers/pin-pad/PROTOCOL.md from the pad's side.
 */
export class VirtualPinPad {
  readonly #options: VirtualPinPadOptions;
  readonly #listeners = new Set<() => void>();
  #key: Buffer;
  #line: PadLine | undefined;
  #session: PadSession | undefined;
  #entry: Entry | undefined;
  #screen = IDLE_SCREEN;
  #tampered = false;
  #mute = false;
  #slowMs = 0;
  #garbledSends = 0;
  #beeps = 0;

  constructor(options: VirtualPinPadOptions) {
    this.#options = options;
    this.#key = Buffer.from(options.transportKey);
  }

  /** Plugs a terminal in; `end` is the unplug: what was pressed is wiped. */
  connect(send: (bytes: Uint8Array) => void): { receive(bytes: Uint8Array): void; end(): void } {
    this.#unplug();
    const line = new PadLine({
      clock: this.#options.clock,
      send: (bytes) => this.#transmit(bytes, send),
      onFrame: (command, payload) => this.#obey(command, payload),
      onGivenUp: () => this.#endSession(),
    });
    this.#line = line;
    return {
      receive: (bytes) => {
        if (!this.#mute && this.#line === line) line.receive(bytes);
      },
      end: () => {
        if (this.#line === line) this.#unplug();
      },
    };
  }

  /** Keys as the holder presses them; without an entry under way they do nothing. */
  press(key: PadKey): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    if (key === 'cancel') this.#finish(2);
    else if (key === 'enter') this.#enter(entry);
    else if (key === 'clear') {
      wipe(entry);
      this.#countChanged(entry);
    } else if (entry.count < DIGITS_MAX) {
      entry.digits[entry.count] = key.charCodeAt(0);
      entry.count += 1;
      this.#countChanged(entry);
    }
  }

  /** Lines on the pad's screen, stars for digits. */
  get screen(): readonly string[] {
    const entry = this.#entry;
    return entry === undefined ? this.#screen : [...this.#screen, '*'.repeat(entry.count)];
  }

  /** How many digits were pressed in the entry under way. */
  get entered(): number {
    return this.#entry?.count ?? 0;
  }

  /** Whether it waits for a PIN. */
  get asking(): boolean {
    return this.#entry !== undefined;
  }

  get beeps(): number {
    return this.#beeps;
  }

  /** Called after every change of the screen. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Hears and says nothing. */
  setMute(mute: boolean): void {
    this.#mute = mute;
  }

  /** Each send waits this long. */
  setSlow(delayMs: number): void {
    this.#slowMs = delayMs;
  }

  /** The next so many sends go out with one bit turned over. */
  garble(sends: number): void {
    this.#garbledSends = sends;
  }

  /** Somebody opened its case: it says so once and erases its key. */
  tamper(): void {
    this.#tampered = true;
    this.#finish(5);
    // The last word goes out under the old session; after that there is no key any more.
    this.#report();
    this.#key.fill(0);
    this.#session = undefined;
  }

  /** Serviced and loaded anew. */
  service(): void {
    this.#tampered = false;
    this.#key = Buffer.from(this.#options.transportKey);
    this.#endSession();
  }

  #transmit(bytes: Uint8Array, send: (bytes: Uint8Array) => void): void {
    if (this.#mute) return;
    const out = Buffer.from(bytes);
    if (this.#garbledSends > 0) {
      this.#garbledSends -= 1;
      const at = Math.floor(out.length / 2);
      out[at] = (out[at] ?? 0) ^ 0x10;
    }
    if (this.#slowMs === 0) send(out);
    else this.#options.clock.after(this.#slowMs, () => send(out));
  }

  #obey(command: number, payload: Buffer): void {
    if (command === 0x01) {
      this.#greet(payload);
      return;
    }
    const session = this.#session;
    if (session === undefined) return;
    const body = session.unwrap(command, payload);
    if (body === undefined) {
      this.#endSession();
      return;
    }
    if (command === 0x10) this.#ask(body);
    else if (command === 0x11) this.#cancelled(body);
    else if (command === 0x12) this.#display(body);
    else if (command === 0x13) this.#beeps += body[0] ?? 0;
    else if (command === 0x14) this.#report();
    if (command === 0x13) this.#changed();
  }

  #greet(payload: Buffer): void {
    if (payload.length !== 17 || payload[0] !== 1) return;
    this.#endSession();
    this.#line?.restart();
    const terminalRandom = Buffer.from(payload.subarray(1));
    const padRandom = randomBytes(16);
    const can = this.#options.makesCardBlocks === false ? 0x0e : 0x0f;
    const head = Buffer.concat([
      Buffer.of(1),
      padRandom,
      Buffer.of(this.#tampered ? 1 : 0, can),
      this.#tampered ? Buffer.alloc(3) : padKeyCheckValue(this.#key),
      lengthAnd(this.#options.serial ?? 'VP000001'),
      lengthAnd(this.#options.firmware ?? '1.0'),
    ]);
    if (!this.#tampered) this.#session = new PadSession(this.#key, terminalRandom, padRandom);
    const mac = this.#session?.mac(terminalRandom, head) ?? Buffer.alloc(16);
    this.#line?.post(0x81, () => Buffer.concat([head, mac]));
  }

  #ask(body: Buffer): void {
    const challengeLength = body[5] ?? 0;
    if (body.length < 7 + challengeLength) return;
    const number = body.readUInt16BE(0);
    if (this.#tampered || this.#entry !== undefined) {
      this.#answer(number, this.#tampered ? 5 : 4);
      return;
    }
    const amountAt = 6 + challengeLength;
    const amount = body.toString('latin1', amountAt + 1, amountAt + 1 + (body[amountAt] ?? 0));
    this.#screen = [PURPOSES[body[2] ?? 0] ?? '', ...(amount === '' ? [] : [`金额 ${amount}`])];
    const challenge = Buffer.from(body.subarray(6, amountAt));
    const digits = new Uint8Array(DIGITS_MAX);
    const cancelTimer = this.#options.clock.after(body.readUInt16BE(3) * 100, () => this.#finish(3));
    this.#entry = { number, challenge, digits, count: 0, cancelTimer };
    this.#changed();
  }

  #enter(entry: Entry): void {
    if (entry.count < DIGITS_MIN) {
      this.#beeps += 1;
      this.#changed();
      return;
    }
    const pressed = entry.digits.subarray(0, entry.count);
    const makesBlock = entry.challenge.length === 8;
    const secret = makesBlock ? cardBlock(pressed, entry.challenge) : Buffer.alloc(16);
    if (!makesBlock) {
      secret[0] = entry.count;
      secret.set(pressed, 1);
    }
    this.#finish(makesBlock ? 0 : 1, secret);
  }

  #finish(outcome: number, secret?: Buffer): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    this.#endEntry();
    this.#answer(entry.number, outcome, secret);
  }

  #answer(number: number, outcome: number, secret?: Buffer): void {
    const session = this.#session;
    if (session === undefined) return;
    const body = Buffer.of(number >> 8, number & 0xff, outcome);
    this.#line?.post(0x90, () => {
      const payload = session.secure(0x90, body, secret);
      secret?.fill(0);
      return payload;
    });
  }

  #cancelled(body: Buffer): void {
    if (body.length === 2 && this.#entry?.number === body.readUInt16BE(0)) this.#finish(6);
  }

  #display(body: Buffer): void {
    const upperLength = body[0] ?? 0;
    const upper = body.toString('utf8', 1, 1 + upperLength);
    const lower = body.toString('utf8', 2 + upperLength, 2 + upperLength + (body[1 + upperLength] ?? 0));
    if (this.#entry === undefined) this.#screen = [upper, lower];
    this.#changed();
  }

  #report(): void {
    const session = this.#session;
    if (session === undefined) return;
    const body = Buffer.of(this.#tampered ? 1 : 0, this.#entry === undefined ? 0 : 1);
    this.#line?.post(0x94, () => session.secure(0x94, body));
  }

  #countChanged(entry: Entry): void {
    const session = this.#session;
    const body = Buffer.of(entry.number >> 8, entry.number & 0xff, entry.count);
    if (session !== undefined) this.#line?.post(0x91, () => session.secure(0x91, body));
    this.#changed();
  }

  #endEntry(): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    entry.cancelTimer();
    wipe(entry);
    this.#entry = undefined;
    this.#screen = IDLE_SCREEN;
    this.#changed();
  }

  #endSession(): void {
    this.#endEntry();
    this.#session = undefined;
  }

  #unplug(): void {
    this.#line?.end();
    this.#line = undefined;
    this.#endSession();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

function wipe(entry: Entry): void {
  entry.digits.fill(0);
  entry.count = 0;
}

function lengthAnd(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
