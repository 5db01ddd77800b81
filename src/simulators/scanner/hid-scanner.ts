import type { HidAccess, HidConnection, HidInterface } from '#drivers/scanner/port';

const REPORT_BYTES = 64;
const DATA_BYTES = 56;

/** The input reports of a HID POS scanner for one scan: 56 bytes of data each, all but the last one continued. */
export function hidReportsOf(text: string | Uint8Array, symbology = ']Q0'): Uint8Array[] {
  const data = Buffer.from(text);
  const reports: Uint8Array[] = [];
  for (let start = 0; start === 0 || start < data.length; start += DATA_BYTES) {
    const part = data.subarray(start, start + DATA_BYTES);
    const report = new Uint8Array(REPORT_BYTES);
    report[0] = 2;
    report[1] = part.length;
    report.set(Buffer.from(symbology, 'latin1').subarray(0, 3), 2);
    report.set(part, 5);
    report[63] = start + DATA_BYTES < data.length ? 1 : 0;
    reports.push(report);
  }
  return reports;
}

/**
 * A HID POS scanner that a program reaches like one of the machine: it can be plugged and unplugged, its path is
 * another one each time, and a keyboard interface of the same device stands in the list before it.
 */
export class SimulatedHidScanner {
  readonly vendorId: number;
  readonly productId: number;
  /** How often the list was asked for. */
  looks = 0;
  #plugging = 0;
  #plugged = false;
  #connection: SimulatedConnection | undefined;

  constructor(vendorId = 0x05e0, productId = 0x1900) {
    this.vendorId = vendorId;
    this.productId = productId;
  }

  readonly access: HidAccess = {
    list: async (vendorId, productId) => {
      this.looks += 1;
      const own = vendorId === this.vendorId && productId === this.productId;
      return own && this.#plugged ? this.#interfaces() : [];
    },
    open: async (path) => {
      if (!this.#plugged || path !== this.#path()) throw new Error('cannot open the device');
      const connection = new SimulatedConnection();
      this.#connection = connection;
      return connection;
    },
  };

  setPlugged(plugged: boolean): void {
    if (plugged === this.#plugged) return;
    this.#plugged = plugged;
    if (plugged) this.#plugging += 1;
    else {
      this.#connection?.lose('could not read from HID device');
      this.#connection = undefined;
    }
  }

  scan(text: string | Uint8Array, symbology?: string): void {
    for (const report of hidReportsOf(text, symbology)) this.send(report);
  }

  /** Any report, also one that no scanner should send. */
  send(report: Uint8Array): void {
    this.#connection?.report(report);
  }

  #path(): string {
    return `/dev/hidraw${this.#plugging}`;
  }

  #interfaces(): HidInterface[] {
    const { vendorId, productId } = this;
    return [
      { path: `${this.#path()}-keyboard`, vendorId, productId, usagePage: 1, product: 'Scanner' },
      { path: this.#path(), vendorId, productId, usagePage: 0x8c, product: 'Scanner' },
    ];
  }
}

class SimulatedConnection implements HidConnection {
  #onReport: (report: Uint8Array) => void = () => undefined;
  #onLost: (detail: string) => void = () => undefined;
  #over = false;

  onReport(listener: (report: Uint8Array) => void): void {
    this.#onReport = listener;
  }

  onLost(listener: (detail: string) => void): void {
    this.#onLost = listener;
  }

  async close(): Promise<void> {
    this.#over = true;
  }

  report(bytes: Uint8Array): void {
    if (!this.#over) this.#onReport(bytes);
  }

  lose(detail: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#onLost(detail);
  }
}
