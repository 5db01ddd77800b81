import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import type { Fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { SerialAddress } from '#core/serial-address';
import type { ByteOpener, BytePort } from './byte-port.ts';
import { serialOpener } from './port-calls.ts';

const CLOSE_MS = 1_000;

export interface LineOptions {
  readonly clock: Clock;
  /** The fault that this device shows while the line is down; `detail` is technical and short. */
  readonly missingFault: (detail: string) => Fault;
  /** Wait between tries to open, and between looks whether the device file is still the same one. Default 1 s. */
  readonly retryMs?: number;
  /** Deadline of one try to open. Default 3 s. */
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

export interface SerialLineOptions extends LineOptions {
  readonly address: SerialAddress;
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
  return keepOpen(serialOpener(options.address), options);
}

/** The same for any byte stream that can go away and come back. */
export function keepOpen(opener: ByteOpener, options: LineOptions): SerialLine {
  return new ReopeningLine(opener, options);
}

class ReopeningLine implements SerialLine {
  readonly #opener: ByteOpener;
  readonly #options: LineOptions;
  readonly #stateListeners = new Set<(state: DeviceState) => void>();
  readonly #byteListeners = new Set<(bytes: Uint8Array) => void>();
  #state: DeviceState = { kind: 'idle' };
  #port: BytePort | undefined;
  /** Counts connections: what belongs to an earlier one is dropped. */
  #generation = 0;
  #running = false;
  #cancelRetry: () => void = () => undefined;
  #cancelWatch: () => void = () => undefined;
  #cancelProbe: () => void = () => undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(opener: ByteOpener, options: LineOptions) {
    this.#opener = opener;
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
    const failed = await this.#handOver(port, bytes);
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
    this.#generation += 1;
    const generation = this.#generation;
    await this.#closing;
    const opened = await this.#open();
    if (!this.#running || generation !== this.#generation) {
      if (opened.ok) await this.#shut(opened.value);
      return;
    }
    if (!opened.ok) {
      this.drop(opened.error);
      return;
    }
    const port = opened.value;
    this.#port = port;
    port.listen(
      (bytes) => this.#received(generation, bytes),
      () => {
        if (generation === this.#generation) this.drop('the port was closed');
      },
    );
    this.#watch(generation, await this.#opener.identity());
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
    this.#cancelWatch = this.#options.clock.after(this.#retryMs(), () => {
      void this.#opener.identity().then((now) => {
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
    this.#closing = this.#closing.then(() => this.#shut(port));
  }

  /** Opens within the deadline; a port that opens too late is closed again. */
  #open(): Promise<Result<BytePort, string>> {
    const { clock, openMs = 3_000 } = this.#options;
    return new Promise((resolve) => {
      let late = false;
      const cancel = clock.after(openMs, () => {
        late = true;
        resolve(err('the port did not open in time'));
      });
      void this.#opener.open().then((opened) => {
        cancel();
        if (late && opened.ok) void this.#shut(opened.value);
        resolve(opened);
      });
    });
  }

  /** Why the bytes could not be handed over in time, or undefined. */
  #handOver(port: BytePort, bytes: Uint8Array): Promise<string | undefined> {
    const { clock, writeMs = 3_000 } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.after(writeMs, () => resolve('the device took no bytes in time'));
      void port.write(bytes).then((failed) => {
        cancel();
        resolve(failed);
      });
    });
  }

  /** Ends after one second at the latest, whatever the driver of the port does. */
  #shut(port: BytePort): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(CLOSE_MS, resolve);
      void port.close().then(() => {
        cancel();
        resolve();
      });
    });
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
