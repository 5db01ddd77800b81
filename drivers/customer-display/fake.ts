import iconv from 'iconv-lite';
import type { DeviceState } from '#core/domain/device';
import { fault } from '#core/fault';
import type { CustomerDisplayPort, DisplayText } from './port.ts';
import { type DisplayCharset, displayLine } from './text.ts';

/** A customer display in memory: what a person would read on it. */
export class FakeCustomerDisplay implements CustomerDisplayPort {
  readonly kind = 'customer-display';
  readonly address = 'fake:customer-display';
  readonly columns: number;
  readonly #charset: DisplayCharset;
  readonly #listeners = new Set<(state: DeviceState) => void>();
  #running = false;
  #plugged = true;
  #wanted: DisplayText | undefined;

  constructor(columns = 20, charset: DisplayCharset = 'gb18030') {
    this.columns = columns;
    this.#charset = charset;
  }

  start(): Promise<void> {
    this.#running = true;
    this.#tell();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#running = false;
    this.#listeners.clear();
    return Promise.resolve();
  }

  state(): DeviceState {
    if (!this.#running) return { kind: 'idle' };
    if (this.#plugged) return { kind: 'ready' };
    return { kind: 'fault', fault: fault('customer-display-missing', 'not plugged in') };
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  show(text: DisplayText): void {
    this.#wanted = text;
  }

  clear(): void {
    this.#wanted = undefined;
  }

  /** Upper and lower line as they stand there, without trailing spaces; empty while it has no power. */
  lines(): readonly [string, string] {
    const text = this.#running && this.#plugged ? this.#wanted : undefined;
    if (text === undefined) return ['', ''];
    return [this.#read(text.upper), this.#read(text.lower)];
  }

  setPlugged(plugged: boolean): void {
    this.#plugged = plugged;
    this.#tell();
  }

  #read(text: string): string {
    return iconv.decode(Buffer.from(displayLine(text, this.columns, this.#charset)), 'gb18030').trimEnd();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener(this.state());
  }
}
