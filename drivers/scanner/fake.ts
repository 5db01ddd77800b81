import type { DeviceState } from '#core/domain/device';
import type { ScannerPort } from './port.ts';
import { ScannerReports } from './reports.ts';

/** A scanner in process, moved by a test or by the training shop. */
export class FakeScanner implements ScannerPort {
  readonly kind = 'scanner' as const;
  readonly address: string;
  readonly #reports = new ScannerReports();
  #plugged = true;
  #running = false;

  constructor(address = 'fake') {
    this.address = address;
  }

  async start(): Promise<void> {
    this.#running = true;
    this.#show();
  }

  async stop(): Promise<void> {
    this.#running = false;
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

  /** A customer's product passes the window; without cable or start nothing happens. */
  scan(bytes: Uint8Array | string): void {
    if (!this.#running || !this.#plugged) return;
    this.#reports.scanned(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes);
  }

  /** A scan that is lost on the way. */
  garble(): void {
    if (this.#running && this.#plugged) this.#reports.garbled('made unreadable');
  }

  setPlugged(plugged: boolean): void {
    this.#plugged = plugged;
    if (this.#running) this.#show();
  }

  #show(): void {
    if (this.#plugged) this.#reports.set({ kind: 'ready' });
    else this.#reports.missing('unplugged');
  }
}
