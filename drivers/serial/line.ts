import type { SerialPort } from 'serialport';
import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import type { Fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { SerialAddress } from '#core/serial-address';
import { closePort, nodeIdentity, openPort, writePort } from './port-calls.ts';

export interface SerialLineOptions {
  readonly address: SerialAddress;
  readonly clock: Clock;
  /** The fault that this device shows while the line is down; `detail` is technical and short. */
  readonly missingFault: (detail: string) => Fault;
  /** Wait between tries to open, and between looks whether the device file is still the same one. Default 1 s. */
  readonly retryMs?: number;
  readonly openMs?: number;
  /** Deadline of one `write`. Default 3 s. */
  readonly writeMs?: number;
  /**
   * Asks the device whether it is there: for talkative devices. The line is `ready` only after it answered
   * true and is asked again every `probeEveryMs`; false, a rejection or no answer within `probeMs` drops the
   * line and opens it anew. It may use `write` and `onBytes`.
   */
  readonly probe?: () => Promise<boolean>;
  readonly probeEveryMs?: number;
  readonly probeMs?: number;
}

/** A serial port that is kept open and comes back by itself. Nothing here throws or rejects. */
export interface SerialLine {
  /** Ends when the first try to open (and to probe) has ended, well or not. */
  start(): Promise<void>;
  /** Closes the port for good; no listener is called afterwards. */
  stop(): Promise<void>;
  /** `idle` before `start` and after `stop`. */
  state(): DeviceState;
  onState(listener: (state: DeviceState) => void): () => void;
  /** Resolves when the operating system took the bytes; a failure drops the line. Fault: `missingFault`. */
  write(bytes: Uint8Array): Promise<Result<void, Fault>>;
  onBytes(listener: (bytes: Uint8Array) => void): () => void;
  /** Drops the line as if it were unplugged; it is opened anew after `retryMs`. */
  drop(detail: string): void;
}

/** A line to one serial device; nothing is opened before `start`. */
export function openSerialLine(options: SerialLineOptions): SerialLine {
  return new ReopeningLine(options);
}

class ReopeningLine implements SerialLine {
  readonly #options: SerialLineOptions;
  readonly #stateListeners = new Set<(state: DeviceState) => void>();
  readonly #byteListeners = new Set<(bytes: Uint8Array) => void>();
  #state: DeviceState = { kind: 'idle' };
  #port: SerialPort | undefined;
  /** Counts connections: what belongs to an earlier one is dropped. */
  #generation = 0;
  #running = false;
  #cancelRetry: () => void = () => undefined;
  #cancelWatch: () => void = () => undefined;
  #cancelProbe: () => void = () => undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(options: SerialLineOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    await this.#connect();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#release();
    this.#stateListeners.clear();
    this.#byteListeners.clear();
    this.#state = { kind: 'idle' };
    await this.#closing;
  }

  state(): DeviceState {
    return this.#state;
  }

  onState(listener: (state: DeviceState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  onBytes(listener: (bytes: Uint8Array) => void): () => void {
    this.#byteListeners.add(listener);
    return () => void this.#byteListeners.delete(listener);
  }

  async write(bytes: Uint8Array): Promise<Result<void, Fault>> {
    const port = this.#port;
    const generation = this.#generation;
    if (port === undefined) return err(this.#options.missingFault('the port is not open'));
    const failed = await writePort(port, bytes, this.#options.clock, this.#options.writeMs ?? 3_000);
    if (failed === undefined) return ok(undefined);
    if (generation === this.#generation) this.drop(failed);
    return err(this.#options.missingFault(failed));
  }

  drop(detail: string): void {
    if (!this.#running) return;
    this.#release();
    this.#set({ kind: 'fault', fault: this.#options.missingFault(detail) });
    this.#retryLater();
  }

  async #connect(): Promise<void> {
    const { address, clock, openMs = 3_000 } = this.#options;
    const generation = ++this.#generation;
    await this.#closing;
    const opened = await openPort(address, clock, openMs);
    if (!this.#running || generation !== this.#generation) {
      if (opened.ok) await closePort(opened.value, clock);
      return;
    }
    if (!opened.ok) {
      this.drop(opened.error);
      return;
    }
    const port = opened.value;
    this.#port = port;
    // The listener also keeps a read under way, without which a dead line tells nothing.
    port.on('data', (bytes: Buffer) => this.#received(generation, bytes));
    port.on('close', () => {
      if (generation === this.#generation) this.drop('the port was closed');
    });
    this.#watch(generation, await nodeIdentity(address.path));
    if (this.#options.probe === undefined) {
      if (generation === this.#generation) this.#set({ kind: 'ready' });
    } else await this.#probeNow(generation, this.#options.probe);
  }

  #received(generation: number, bytes: Uint8Array): void {
    if (generation !== this.#generation) return;
    for (const listener of [...this.#byteListeners]) listener(bytes);
  }

  /** A device that was unplugged and plugged in again has another device file under the same name. */
  #watch(generation: number, identity: string | undefined): void {
    if (generation !== this.#generation || identity === undefined) return;
    const { address, clock } = this.#options;
    this.#cancelWatch = clock.after(this.#retryMs(), () => {
      void nodeIdentity(address.path).then((now) => {
        if (generation !== this.#generation) return;
        if (now === identity) this.#watch(generation, identity);
        else this.drop(now === undefined ? 'the port is gone' : 'the port was plugged in anew');
      });
    });
  }

  async #probeNow(generation: number, probe: () => Promise<boolean>): Promise<void> {
    const { clock, probeMs = 3_000, probeEveryMs = 5_000 } = this.#options;
    if (generation !== this.#generation) return;
    const answered = await new Promise<boolean>((resolve) => {
      const cancel = clock.after(probeMs, () => resolve(false));
      probe()
        .catch(() => false)
        .then((answer) => {
          cancel();
          resolve(answer);
        });
    });
    if (generation !== this.#generation) return;
    if (!answered) {
      this.drop('the device does not answer');
      return;
    }
    this.#set({ kind: 'ready' });
    this.#cancelProbe = clock.after(probeEveryMs, () => void this.#probeNow(generation, probe));
  }

  #release(): void {
    this.#generation += 1;
    this.#cancelRetry();
    this.#cancelWatch();
    this.#cancelProbe();
    const port = this.#port;
    this.#port = undefined;
    if (port === undefined) return;
    const { clock } = this.#options;
    this.#closing = this.#closing.then(() => closePort(port, clock));
  }

  #retryLater(): void {
    this.#cancelRetry = this.#options.clock.after(this.#retryMs(), () => void this.#connect());
  }

  #retryMs(): number {
    return this.#options.retryMs ?? 1_000;
  }

  #set(state: DeviceState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === 'ready' && state.kind === 'ready') return;
    if (before.kind === 'fault' && state.kind === 'fault' && before.fault.code === state.fault.code) return;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}
