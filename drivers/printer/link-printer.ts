import type { Clock } from '#core/clock';
import { type Fault, fault } from '#core/fault';
import { type PrinterProfile, plainProfile } from '#core/printer-profile';
import { err, ok, type Result } from '#core/result';
import { type InOrder, type Job, printed } from './exchange.ts';
import { type ByteLink, handOver, type PrinterTimings, runExchange } from './link.ts';
import { Lock } from './lock.ts';
import type { PrinterPort, PrinterStatus } from './port.ts';
import { buzzer, drawerPulse, drawerPulseNow } from './signals.ts';

/** How a line to the printer is opened; answers within its own deadline and never rejects. */
export interface LinkOpener {
  open(): Promise<Result<ByteLink, Fault>>;
  /** Lets go of what `open` keeps between exchanges. */
  close(): Promise<void>;
}

/** What of a printer's profile the talk with it is made from. */
export type PrinterManner = Pick<PrinterProfile, 'drawer' | 'status'>;

export const usualManner: PrinterManner = plainProfile(48);

/**
 * A printer behind a two-way line. A line that broke is opened anew by the next call, so an unplugged
 * printer comes back by itself.
 */
export class LinkPrinter implements PrinterPort {
  readonly address: string;
  readonly #opener: LinkOpener;
  readonly #clock: Clock;
  readonly #timings: PrinterTimings;
  readonly #manner: PrinterManner;
  readonly #lock = new Lock();
  #inOrder: InOrder = 'untried';
  #closed = false;

  constructor(
    address: string,
    opener: LinkOpener,
    clock: Clock,
    timings: PrinterTimings,
    manner: PrinterManner = usualManner,
  ) {
    this.#manner = manner;
    this.address = address;
    this.#opener = opener;
    this.#clock = clock;
    this.#timings = timings;
  }

  status(): Promise<Result<PrinterStatus, Fault>> {
    return this.#exchange(() => ({ kind: 'status' }));
  }

  async print(bytes: Uint8Array): Promise<Result<void, Fault>> {
    return printed(await this.#exchange(() => ({ kind: 'print', bytes, inOrder: this.#inOrder })));
  }

  async openDrawer(): Promise<Result<void, Fault>> {
    const { drawer } = this.#manner;
    if (drawer === undefined) return err(fault('drawer-none'));
    return printed(await this.#signal(drawerPulse(drawer), drawerPulseNow(drawer)));
  }

  async beep(): Promise<void> {
    await this.#signal(buzzer);
  }

  /** Waits for an exchange under way (it has a deadline), then lets go of the line. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#lock.run(() => this.#opener.close());
  }

  #signal(bytes: Uint8Array, now?: Uint8Array): Promise<Result<PrinterStatus, Fault>> {
    return this.#exchange(() => ({ kind: 'signal', bytes, now, inOrder: this.#inOrder }));
  }

  #exchange(job: () => Job): Promise<Result<PrinterStatus, Fault>> {
    return this.#lock.run(async () => {
      if (this.#closed) return err(fault('printer-unreachable', 'closed'));
      const link = await this.#opener.open();
      if (!link.ok) return link;
      const wanted = job();
      if (this.#manner.status === 'mute') return this.#unasked(link.value, wanted);
      const { result, inOrder } = await runExchange(link.value, wanted, this.#clock, this.#timings);
      // Learnt from whole prints only; after a doubtful one the printer may be another one: ask again.
      if (wanted.kind === 'print' && result.ok) this.#inOrder = inOrder;
      else if (!result.ok && result.error.code === 'printer-outcome-unknown') this.#inOrder = 'untried';
      return result;
    });
  }

  /** A printer that never answers: what the line took counts as done, and paper is not known. */
  async #unasked(link: ByteLink, job: Job): Promise<Result<PrinterStatus, Fault>> {
    const bytes = job.kind === 'status' ? new Uint8Array() : job.bytes;
    const sent = await handOver(link, bytes, this.#clock, this.#timings.transferMs);
    return sent.ok ? ok({ online: true, paper: 'unknown', coverOpen: false }) : sent;
  }
}
