import type { Clock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import { decodeHidReport, emptyHidState } from './hid-report.ts';
import { nodeHidAccess } from './node-hid.ts';
import type { HidAccess, HidConnection, HidInterface, ScannerPort } from './port.ts';
import { ScannerReports } from './reports.ts';

export interface HidScannerOptions {
  readonly vendorId: number;
  readonly productId: number;
  readonly clock: Clock;
  /** How the machine's HID interfaces are reached. Default node-hid. */
  readonly access?: HidAccess;
  /** Wait between two looks for a scanner that is missing, ms. Default 2 s. A scanner that is there is not asked. */
  readonly lookMs?: number;
}

const LOOK_MS = 2_000;
const OPEN_MS = 5_000;
const SCANNER_PAGE = 0x8c;

/** A scanner in HID POS mode. (In keyboard mode it is the page's business.) */
export function hidScanner(options: HidScannerOptions): ScannerPort {
  return new HidScanner(options);
}

/** `hid:VENDOR:PRODUCT` in hex, as `guitai.toml` names it; undefined when it is none. */
export function parseHidAddress(text: string): { vendorId: number; productId: number } | undefined {
  const [, vendor, product] = /^hid:([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(text) ?? [];
  if (vendor === undefined || product === undefined) return undefined;
  return { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) };
}

class HidScanner implements ScannerPort {
  readonly kind = 'scanner' as const;
  readonly address: string;
  readonly #options: HidScannerOptions;
  readonly #access: HidAccess;
  readonly #reports = new ScannerReports();
  #running = false;
  /** Counts looks and connections: what belongs to an earlier one is dropped. */
  #generation = 0;
  #connection: HidConnection | undefined;
  #reportState = emptyHidState;
  #cancelLook: () => void = () => undefined;

  constructor(options: HidScannerOptions) {
    this.#options = options;
    this.#access = options.access ?? nodeHidAccess;
    this.address = `hid:${hex(options.vendorId)}:${hex(options.productId)}`;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    await this.#look();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#generation += 1;
    this.#cancelLook();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
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

  async #look(): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const found = await this.#connectInTime();
    if (generation !== this.#generation || !this.#running) {
      if (typeof found !== 'string') await found.close();
      return;
    }
    if (typeof found === 'string') this.#lost(found);
    else this.#use(found, generation);
  }

  /** The connection, or why there is none. One that comes after the deadline is closed again. */
  #connectInTime(): Promise<HidConnection | string> {
    return new Promise((resolve) => {
      let late = false;
      const cancel = this.#options.clock.after(OPEN_MS, () => {
        late = true;
        resolve('the scanner did not open in time');
      });
      const settle = (found: HidConnection | string) => {
        cancel();
        if (late && typeof found !== 'string') void found.close();
        resolve(found);
      };
      this.#connect().then(settle, (error: unknown) => settle(words(error)));
    });
  }

  async #connect(): Promise<HidConnection | string> {
    const { vendorId, productId } = this.#options;
    const path = choose(await this.#access.list(vendorId, productId));
    return path === undefined ? 'no such scanner is listed' : this.#access.open(path);
  }

  #use(connection: HidConnection, generation: number): void {
    this.#connection = connection;
    this.#reportState = emptyHidState;
    connection.onLost((detail) => {
      if (generation !== this.#generation) return;
      this.#connection = undefined;
      this.#lost(detail);
    });
    connection.onReport((report) => {
      if (generation === this.#generation) this.#take(report);
    });
    this.#reports.set({ kind: 'ready' });
  }

  #take(report: Uint8Array): void {
    const { state, scan, garbled } = decodeHidReport(report, this.#reportState);
    this.#reportState = state;
    if (garbled !== undefined) this.#reports.garbled(garbled);
    if (scan !== undefined) this.#reports.scanned(scan.bytes, scan.symbology);
  }

  #lost(detail: string): void {
    this.#reports.missing(detail);
    this.#cancelLook = this.#options.clock.after(this.#options.lookMs ?? LOOK_MS, () => void this.#look());
  }
}

/** A scanner may show several interfaces: the one of page 8C, else the only one that tells no page. */
function choose(found: readonly HidInterface[]): string | undefined {
  const scanner = found.find(({ usagePage }) => usagePage === SCANNER_PAGE);
  return (scanner ?? found.find(({ usagePage }) => usagePage === undefined || usagePage === 0))?.path;
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function words(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 120) : 'HID failed';
}
