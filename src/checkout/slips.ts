import type { Clock } from '#core/clock';
import type { Sale } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { SlipDocument } from '#receipts/document';
import { type SlipPaper, slipBytes } from '#receipts/escpos';
import { slipPreview } from '#receipts/preview';
import type { SlipRow } from '#store/port';
import { StoreError } from '#store/store-error';
import type { CheckoutParts } from './parts.ts';
import { slipOfRow } from './slip-facts.ts';
import { SlipSealer } from './slip-sealer.ts';

const RETRY_MS = 3_000;

/** What printing needs of the till. */
export type SlipParts = Pick<
  CheckoutParts,
  'config' | 'training' | 'clock' | 'store' | 'printer' | 'printerProfile' | 'glyphs' | 'keyStore' | 'log'
>;

/**
 * Prints what is owed, one slip after the other. A slip not printed stays owed and is tried again; one that
 * broke off half-way is unclear and printed again only as a copy (P2).
 */
export class Slips {
  readonly #parts: SlipParts;
  readonly #onAnswer: (fault: Fault | undefined) => void;
  #running: Promise<void> = Promise.resolve();
  #fault: Fault | undefined;
  #stopTimer: (() => void) | undefined;
  #stopped = false;
  readonly #sealer: SlipSealer;

  /** `onAnswer` is told what the printer's last answer said of it. */
  constructor(parts: SlipParts, onAnswer: (fault: Fault | undefined) => void) {
    this.#parts = parts;
    this.#sealer = new SlipSealer(parts);
    this.#onAnswer = onAnswer;
  }

  /** Last fault of the printer; undefined after a slip came out or the printer answered well. */
  fault(): Fault | undefined {
    return this.#fault;
  }

  /** A slip left in `printing` by a process that ended may be on paper: it becomes unclear. */
  recover(): void {
    const { store, clock } = this.#parts;
    for (const slip of store.slips(['printing']))
      store.setSlip(slip.slipId, ['printing'], 'unclear', clock.nowMs(), fault('printer-outcome-unknown'));
  }

  /** Prints everything owed; resolves when the queue is empty or the printer refused. */
  printOwed(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#printAll())
      .catch((error: unknown) => this.#diskFailed(error));
    return this.#running;
  }

  /** Prints a copy, marked as one. The original's state does not change. */
  async printCopy(sale: Sale): Promise<Result<void, Fault>> {
    const slip = this.#parts.store.slipsOfSale(sale.saleId).at(-1);
    if (slip === undefined) return err(fault('slip-none'));
    if (slip.state === 'owed') {
      await this.printOwed();
      const now = this.#parts.store.slip(slip.slipId);
      if (now?.state === 'printed') return ok(undefined);
      // Without a fault the slip waits for the answer to its upload.
      const reason = this.#parts.printer === undefined ? 'printer-unreachable' : 'sale-not-now';
      return err(this.#fault ?? fault(reason));
    }
    const document = await this.#sealer.sealed(slipOfRow(this.#parts, sale, slip, slip.copies + 1));
    const printed = await this.#send(document);
    if (printed.ok) this.#parts.store.countCopy(slip.slipId, this.#parts.clock.nowMs());
    this.#remember(printed.ok ? undefined : printed.error);
    return printed;
  }

  preview(sale: Sale): Result<{ readonly svg: string; readonly text: string }, Fault> {
    const slip = this.#parts.store.slipsOfSale(sale.saleId).at(-1);
    if (slip === undefined) return err(fault('slip-none'));
    const document = this.#sealer.known(slipOfRow(this.#parts, sale, slip, 0));
    return ok(slipPreview(document, this.#paper()));
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#stopTimer?.();
    return this.#running;
  }

  /** A full disk must not end the program or the printing: what is owed is tried again later. */
  #diskFailed(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    this.#remember(error.fault);
    this.#retryLater(this.#parts.clock);
  }

  async #printAll(): Promise<void> {
    const { store, printer } = this.#parts;
    if (printer === undefined) return;
    // One slip after the other: what still counts as printing came out, but that could not be written down.
    this.recover();
    for (const slip of store.slips(['owed'])) {
      if (this.#stopped) return;
      const document = await this.#composed(slip);
      if (document === undefined) this.#retryLater(this.#parts.clock);
      else if (!(await this.#printOne(slip, document))) {
        this.#retryLater(this.#parts.clock);
        return;
      }
    }
  }

  async #printOne(slip: SlipRow, document: SlipDocument): Promise<boolean> {
    const { store, clock } = this.#parts;
    store.setSlip(slip.slipId, ['owed'], 'printing', clock.nowMs());
    const printed = await this.#send(document);
    const nowMs = clock.nowMs();
    if (printed.ok) store.setSlip(slip.slipId, ['printing'], 'printed', nowMs);
    else {
      const state = printed.error.retry === 'ambiguous' ? 'unclear' : 'owed';
      store.setSlip(slip.slipId, ['printing'], state, nowMs, printed.error);
    }
    this.#remember(printed.ok ? undefined : printed.error);
    return printed.ok || printed.error.retry === 'ambiguous';
  }

  /**
   * The signature takes a moment: what the agency adjusts meanwhile has to stand on the paper too. Undefined while the
   * sale is being uploaded: its answer comes soon and may say something else.
   */
  async #composed(slip: SlipRow): Promise<SlipDocument | undefined> {
    const { store } = this.#parts;
    const lastEvent = () => store.journalOfSale(slip.saleId).at(-1)?.sequence;
    for (;;) {
      const sale = store.sale(slip.saleId);
      if (sale === undefined) throw new Error('every slip belongs to a stored sale');
      if (store.upload(slip.saleId)?.state === 'sending') return undefined;
      const event = lastEvent();
      const document = await this.#sealer.sealed(slipOfRow(this.#parts, sale, slip, 0));
      if (lastEvent() === event) return document;
    }
  }

  async #send(document: SlipDocument): Promise<Result<void, Fault>> {
    const { printer } = this.#parts;
    if (printer === undefined) return err(fault('printer-unreachable', 'none configured'));
    return printer.print(slipBytes(document, this.#paper()));
  }

  #paper(): SlipPaper {
    return slipPaper(this.#parts);
  }

  #remember(problem: Fault | undefined): void {
    this.#fault = problem;
    this.#onAnswer(problem);
  }

  #retryLater(clock: Clock): void {
    this.#stopTimer?.();
    this.#stopTimer = clock.after(RETRY_MS, () => {
      if (!this.#stopped) void this.printOwed();
    });
  }
}

/** The paper of the configured printer. */
export function slipPaper({ config, printerProfile: profile, glyphs }: SlipParts): SlipPaper {
  return {
    columns: profile?.columns ?? (config.printer.width_mm === 58 ? 32 : 48),
    ...(profile === undefined ? {} : { profile }),
    ...(glyphs === undefined ? {} : { glyphs }),
  };
}
