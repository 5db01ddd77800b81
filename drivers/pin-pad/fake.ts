import { createCipheriv, createHash } from 'node:crypto';
import { assert } from '#core/assert';
import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import { type Fault, type FaultCode, fault } from '#core/fault';
import { concatBytes } from '#core/hex';
import { Pin } from '#core/pin';
import { err, ok, type Result } from '#core/result';
import { type EndOfEntry, PadEntry } from './entry.ts';
import type { PinEntry, PinPadPort, PinRequest } from './port.ts';

const DIGITS_MAX = 12;
const DIGITS_MIN = 4;

export type FakePadKey = 'clear' | 'cancel' | 'enter' | `${number}`;

/** A PIN pad in memory with the rules of a real one, and keys to press. */
export class FakePinPad implements PinPadPort {
  readonly kind = 'pin-pad';
  readonly address = 'fake:pin-pad';
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: DeviceState) => void>();
  readonly #digits = new Uint8Array(DIGITS_MAX);
  #count = 0;
  #entry: PadEntry | undefined;
  #request: PinRequest | undefined;
  #running = false;
  #trouble: FaultCode | undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): Promise<void> {
    this.#running = true;
    this.#tell();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#running = false;
    this.#end(err(fault('pin-pad-cancelled', 'stopped')));
    this.#tell();
    this.#listeners.clear();
    return Promise.resolve();
  }

  state(): DeviceState {
    if (!this.#running) return { kind: 'idle' };
    return this.#trouble === undefined ? { kind: 'ready' } : { kind: 'fault', fault: fault(this.#trouble) };
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  enterPin(request: PinRequest): Promise<Result<PinEntry, Fault>> {
    const { challenge } = request;
    assert(challenge === undefined || challenge.length === 8, 'the challenge of a card has eight bytes');
    if (this.#entry !== undefined) return Promise.resolve(err(fault('pin-pad-busy')));
    const why = this.#running ? this.#trouble : 'pin-pad-missing';
    if (why !== undefined) return Promise.resolve(err(fault(why)));
    const entry = new PadEntry(0, () => this.#clear());
    this.#entry = entry;
    this.#request = request;
    this.#cancelTimer = this.#clock.after(request.timeoutMs, () => this.#end(err(fault('pin-pad-timeout'))));
    return entry.ended;
  }

  cancel(): Promise<void> {
    this.#end(err(fault('pin-pad-cancelled', 'by the terminal')));
    return Promise.resolve();
  }

  /** Keys as the holder presses them; without an entry under way they do nothing. */
  press(key: FakePadKey): void {
    if (this.#entry === undefined) return;
    if (key === 'cancel') this.#end(err(fault('pin-pad-cancelled', 'by the holder')));
    else if (key === 'enter') this.#enter();
    else if (key === 'clear') this.#wipeDigits();
    else if (this.#count < DIGITS_MAX) {
      this.#digits[this.#count] = key.charCodeAt(0);
      this.#count += 1;
    }
  }

  get entered(): number {
    return this.#count;
  }

  get asking(): boolean {
    return this.#entry !== undefined;
  }

  /** What stands on its screen besides the question. */
  get amount(): string | undefined {
    return this.#request?.amount;
  }

  /** `pin-pad-missing` (unplugged), `pin-pad-tampered` …; undefined = cured. Ends an entry under way. */
  setTrouble(code: FaultCode | undefined): void {
    this.#trouble = code;
    if (code !== undefined) this.#end(err(fault(code)));
    this.#tell();
  }

  #enter(): void {
    if (this.#count < DIGITS_MIN) return;
    const pressed = this.#digits.slice(0, this.#count);
    const challenge = this.#request?.challenge;
    if (challenge === undefined) {
      const pin = Pin.fromAscii(pressed);
      assert(pin.ok, 'the keys give digits only');
      this.#end(ok({ kind: 'pin', pin: pin.value }));
      return;
    }
    const key = createHash('sm3').update(pressed).digest().subarray(0, 16);
    pressed.fill(0);
    const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
    this.#end(ok({ kind: 'block', block: cipher.update(concatBytes(challenge, challenge)) }));
  }

  #end(result: EndOfEntry): void {
    this.#entry?.end(result);
  }

  #clear(): void {
    this.#cancelTimer();
    this.#entry = undefined;
    this.#request = undefined;
    this.#wipeDigits();
  }

  #wipeDigits(): void {
    this.#digits.fill(0);
    this.#count = 0;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener(this.state());
  }
}
