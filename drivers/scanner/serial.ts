import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import { fault } from '#core/fault';
import type { SerialAddress } from '#core/serial-address';
import type { ByteOpener } from '../serial/byte-port.ts';
import { keepOpen, type SerialLine } from '../serial/line.ts';
import { serialOpener } from '../serial/port-calls.ts';
import type { ScannerPort } from './port.ts';
import { ScannerReports } from './reports.ts';
import { emptySplit, endByPause, pauseMs, type SplitStep, splitBytes } from './split-bytes.ts';

export interface SerialScannerOptions {
  readonly address: SerialAddress;
  readonly clock: Clock;
  /** The stream of bytes. Default the serial port of the address. */
  readonly opener?: ByteOpener;
  /** Wait between tries to open, ms. Default 1 s. */
  readonly retryMs?: number;
}

/** A scanner on a serial line or on a USB port that plays one. It only listens; nothing is sent to it. */
export function serialScanner(options: SerialScannerOptions): ScannerPort {
  return new SerialScanner(options);
}

class SerialScanner implements ScannerPort {
  readonly kind = 'scanner' as const;
  readonly address: string;
  readonly #clock: Clock;
  readonly #line: SerialLine;
  readonly #reports = new ScannerReports();
  #split = emptySplit;
  #cancelPause: () => void = () => undefined;

  constructor({ address, clock, opener, retryMs }: SerialScannerOptions) {
    this.address = `serial:${address.path}`;
    this.#clock = clock;
    this.#line = keepOpen(opener ?? serialOpener(address), {
      clock,
      missingFault: (detail) => fault('scanner-missing', detail),
      ...(retryMs === undefined ? {} : { retryMs }),
    });
  }

  async start(): Promise<void> {
    this.#line.onState((state) => {
      // Half a code from before the unplug must not begin the next one.
      this.#forget();
      this.#reports.set(state);
    });
    this.#line.onBytes((bytes) => this.#take(splitBytes(this.#split, bytes)));
    await this.#line.start();
  }

  async stop(): Promise<void> {
    this.#forget();
    await this.#line.stop();
    this.#reports.set({ kind: 'idle' });
  }

  state(): DeviceState {
    return this.#reports.state();
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    return this.#reports.onChange(listener);
  }

  onScan(listener: (text: string) => void): () => void {
    return this.#reports.onScan(listener);
  }

  #take({ state, scans }: SplitStep): void {
    this.#split = state;
    this.#cancelPause();
    if (state.bytes.length > 0 || state.overrun) {
      this.#cancelPause = this.#clock.after(pauseMs(state), () => this.#take(endByPause(this.#split)));
    }
    for (const bytes of scans) {
      if (bytes === undefined) this.#reports.garbled('too many bytes without an end');
      else this.#reports.scanned(bytes);
    }
  }

  #forget(): void {
    this.#cancelPause();
    this.#split = emptySplit;
  }
}
