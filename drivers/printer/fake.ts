import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { Lock } from './lock.ts';
import type { PaperState, PrinterPort, PrinterStatus } from './port.ts';
import { notReady } from './status.ts';

/** A printer in memory that keeps the rules of a real one: nothing is printed while it is not ready. */
export class FakePrinter implements PrinterPort {
  readonly address = 'fake:printer';
  readonly #lock = new Lock();
  readonly #slips: Uint8Array[] = [];
  #status: PrinterStatus = { online: true, paper: 'ok', coverOpen: false };
  #plugged = true;
  #mute = false;
  #breakAfterBytes: number | undefined;
  #closed = false;
  #drawerPulses = 0;
  #beeps = 0;

  status(): Promise<Result<PrinterStatus, Fault>> {
    return this.#lock.run(() => {
      const gone = this.#unreachable();
      return Promise.resolve(gone === undefined ? ok(this.#status) : err(gone));
    });
  }

  print(bytes: Uint8Array): Promise<Result<void, Fault>> {
    return this.#lock.run(() => Promise.resolve(this.#printNow(bytes)));
  }

  openDrawer(): Promise<Result<void, Fault>> {
    return this.#lock.run(() => Promise.resolve(this.#pulse()));
  }

  beep(): Promise<void> {
    return this.#lock.run(() => {
      if (this.#unreachable() === undefined && notReady(this.#status) === undefined) this.#beeps += 1;
      return Promise.resolve();
    });
  }

  /** How often the drawer was opened. */
  get drawerPulses(): number {
    return this.#drawerPulses;
  }

  get beeps(): number {
    return this.#beeps;
  }

  /** What the drawer's switch says, for printers that are asked. */
  setDrawerOpen(open: boolean): void {
    const { online, paper, coverOpen } = this.#status;
    this.#status = { online, paper, coverOpen, ...(open ? { drawerOpen: true as const } : {}) };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  /** Bytes of every slip that came out whole, oldest first. */
  slips(): readonly Uint8Array[] {
    return this.#slips;
  }

  setPaper(paper: PaperState): void {
    this.#status = { ...this.#status, paper };
  }

  setCoverOpen(coverOpen: boolean): void {
    this.#status = { ...this.#status, coverOpen };
  }

  setOnline(online: boolean): void {
    this.#status = { ...this.#status, online };
  }

  setPlugged(plugged: boolean): void {
    this.#plugged = plugged;
  }

  /** Takes bytes and answers nothing. */
  setMute(mute: boolean): void {
    this.#mute = mute;
  }

  /** The next slip breaks off after this many of its bytes. */
  breakAfterBytes(count: number): void {
    this.#breakAfterBytes = count;
  }

  #printNow(bytes: Uint8Array): Result<void, Fault> {
    const why = this.#unreachable() ?? notReady(this.#status);
    if (why !== undefined) return err(why);
    const left = this.#breakAfterBytes;
    this.#breakAfterBytes = undefined;
    if (left !== undefined && left < bytes.length) {
      return err(fault('printer-outcome-unknown', 'connection closed'));
    }
    this.#slips.push(Uint8Array.from(bytes));
    return ok(undefined);
  }

  #pulse(): Result<void, Fault> {
    const why = this.#unreachable() ?? (this.#status.online ? undefined : fault('printer-fault'));
    if (why !== undefined) return err(why);
    const left = this.#breakAfterBytes;
    this.#breakAfterBytes = undefined;
    this.#drawerPulses += 1;
    this.setDrawerOpen(true);
    return left === undefined ? ok(undefined) : err(fault('printer-outcome-unknown', 'connection closed'));
  }

  #unreachable(): Fault | undefined {
    if (this.#closed) return fault('printer-unreachable', 'closed');
    if (!this.#plugged) return fault('printer-unreachable', 'not plugged in');
    return this.#mute ? fault('printer-unreachable', 'no answer while before') : undefined;
  }
}
