import type { Anchor, AnchoredHead, JournalHead } from '#core/domain/journal-head';
import type { Fault } from '#core/fault';
import { fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { CheckoutParts } from './parts.ts';

const MINUTE_MS = 60_000;
/** Signed heads of earlier shifts that an anchor file keeps: a year of days. */
const KEPT_HEADS = 400;

/**
 * Writes the head of the journal to the second folder: after each shift, and while selling every few minutes or
 * sales. Never awaited by a sale; a folder that is gone costs a warning.
 */
export class Anchors {
  readonly #parts: CheckoutParts;
  readonly #head: () => JournalHead;
  #earlier: readonly AnchoredHead[] = [];
  #running: Promise<void> = Promise.resolve();
  #fault: Fault | undefined;
  #anchored = 0;
  #sales = 0;
  #stopTimer: (() => void) | undefined;

  constructor(parts: CheckoutParts, head: () => JournalHead) {
    this.#parts = parts;
    this.#head = head;
  }

  /** Whether a second folder is configured. */
  get on(): boolean {
    return this.#parts.journalFiles?.anchorFile !== undefined;
  }

  /** Last entry that was written to the second folder; 0 = none yet. */
  get anchoredUpTo(): number {
    return this.#anchored;
  }

  /** Why the last write failed. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Holds the anchor of the last run against the journal; one that does not fit is set aside, never overwritten. */
  start(): void {
    if (!this.on) return;
    this.#enqueue(() => this.#takeUp());
    this.#arm();
  }

  saleDelivered(): void {
    if (!this.on) return;
    this.#sales += 1;
    if (this.#sales >= this.#parts.config.journal.anchor_sales) this.write();
  }

  /** Writes the head as it is when its turn comes; `signed` is kept among the heads of earlier shifts. */
  write(signed?: AnchoredHead): void {
    if (!this.on) return;
    this.#sales = 0;
    this.#enqueue(async () => {
      if (signed !== undefined) this.#earlier = [...this.#earlier, signed].slice(-KEPT_HEADS);
      await this.#writeNow();
    });
  }

  /** Anchors that did not fit and wait for somebody to look into it. */
  async differences(): Promise<readonly string[]> {
    return (await this.#parts.journalFiles?.asideNames()) ?? [];
  }

  /** Resolves when everything that was asked for is written. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopTimer?.();
    await this.#running;
  }

  #arm(): void {
    const { clock, config } = this.#parts;
    this.#stopTimer = clock.after(config.journal.anchor_minutes * MINUTE_MS, () => {
      if (this.#head().sequence > this.#anchored) this.write();
      this.#arm();
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#running = this.#running.then(work).catch((error: unknown) => {
      this.#parts.log.error({ reason: String(error) }, 'the journal was not anchored');
    });
  }

  async #takeUp(): Promise<void> {
    const { journalFiles: files, store, log } = this.#parts;
    const read = files?.readAnchor() ?? ok(undefined);
    const fits = read.ok ? this.#fit(read.value, store) : read;
    if (fits.ok) {
      this.#earlier = fits.value?.earlier ?? [];
      this.#anchored = fits.value?.latest.head.sequence ?? 0;
      return;
    }
    const head = this.#head();
    log.error({ code: fits.error.code, detail: fits.error.detail }, 'an earlier anchor does not fit');
    this.#remember((await files?.setAside(`${head.day}-${head.sequence}`)) ?? ok(undefined));
    await this.#writeNow();
  }

  #fit(anchor: Anchor | undefined, store: CheckoutParts['store']): Result<Anchor | undefined, Fault> {
    if (anchor === undefined) return ok(undefined);
    const { head } = anchor.latest;
    const mine = this.#head();
    const whose = head.institution === mine.institution && head.terminal === mine.terminal;
    const stored = store.journal(head.sequence, 1)[0];
    if (whose && (head.sequence === 0 || (stored?.sequence === head.sequence && stored.hash === head.hash)))
      return ok(anchor);
    return err(fault('journal-anchor-differs', `entry ${head.sequence} of ${head.day}`));
  }

  async #writeNow(): Promise<void> {
    const { journalFiles: files } = this.#parts;
    const head = this.#head();
    if (files === undefined) return;
    const written = await files.writeAnchor({ latest: { head }, earlier: this.#earlier });
    if (written.ok) this.#anchored = head.sequence;
    this.#remember(written);
  }

  #remember(result: Result<void, Fault>): void {
    this.#fault = result.ok ? undefined : result.error;
    if (!result.ok)
      this.#parts.log.warn({ code: result.error.code, detail: result.error.detail }, 'anchor folder');
  }
}
