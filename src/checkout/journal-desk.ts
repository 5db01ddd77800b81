import { setImmediate as immediately } from 'node:timers/promises';
import { businessDay } from '#core/business-time';
import {
  type HeadSignature,
  type JournalHead,
  type SignedHead,
  signedHeadText,
} from '#core/domain/journal-head';
import type { Fault } from '#core/fault';
import { fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { journalSigned } from '#store/records/signed';
import { StoreError } from '#store/store-error';
import { dayReport, signReport } from '#store/verify/day-report';
import type { Verification, VerifyOptions } from '#store/verify/verification';
import { Anchors } from './anchors.ts';
import type { CheckoutParts } from './parts.ts';

/** Sequence of the last `journal-signed` event: where the next look at the chain begins. A hint, never a proof. */
const SIGNED = 'journal.signed';
/** A look at the chain reaches back this far at least. */
const TAIL = 200;

/** Signs the journal, anchors it outside of its file, reports the day, and looks at it without holding a sale up. */
export class JournalDesk {
  readonly anchors: Anchors;
  readonly #parts: CheckoutParts;
  #whole: Promise<Verification> | undefined;
  #lastWhole: { readonly atMs: number; readonly result: Verification } | undefined;
  #running: Promise<void> = Promise.resolve();
  #progress: { done: number; readonly total: number } | undefined;
  #stopped = false;

  constructor(parts: CheckoutParts) {
    this.#parts = parts;
    this.anchors = new Anchors(parts, () => this.#head());
  }

  /** `open`: a shift is open. What an earlier run left without a signature is signed now, and said to be late. */
  start(open: boolean): void {
    this.anchors.start();
    if (open && this.#isUnsigned()) this.#running = this.#running.then(() => this.#sign('next-start'));
  }

  /** The shift is closed whatever happens here: without a key the event says why it is not signed. */
  async closeShift(): Promise<void> {
    await this.#sign('shift-close');
    this.#running = this.#running.then(() => this.#report());
  }

  /** `open`: the program stops in the middle of a shift. */
  async stop(open: boolean): Promise<void> {
    this.#stopped = true;
    if (open && this.#isUnsigned()) await this.#sign('stop');
    await this.#running;
    await this.anchors.stop();
    await this.#whole?.catch(() => undefined);
  }

  /** The chain since the last signature: the same work however long the journal is. */
  async verifyTail(): Promise<Verification> {
    const { store } = this.#parts;
    const head = store.journalHead().sequence;
    const from = Math.max(1, Math.min(this.#signedAt(), head - TAIL + 1));
    return this.#run({ from, chainOnly: true }, () => false);
  }

  /** Everything, one look at a time: whoever asks meanwhile gets the answer of the one that runs. */
  verifyWhole(): Promise<Verification> {
    this.#whole ??= this.#lookAtAll().finally(() => {
      this.#whole = undefined;
      this.#progress = undefined;
    });
    return this.#whole;
  }

  /** How far the look at everything is; undefined while none runs. */
  get progress(): { readonly done: number; readonly total: number } | undefined {
    return this.#progress;
  }

  lastWhole(): { readonly atMs: number; readonly result: Verification } | undefined {
    return this.#lastWhole;
  }

  async #lookAtAll(): Promise<Verification> {
    const anchor = this.#parts.journalFiles?.readAnchor();
    const keyIds = this.#parts.keyStore.keys().map(({ keyId }) => keyId);
    const progress = { done: 0, total: this.#parts.store.journalHead().sequence };
    this.#progress = progress;
    const result = await this.#run(
      {
        ...(keyIds.length === 0 ? {} : { keyIds }),
        ...(anchor?.ok === true && anchor.value !== undefined ? { anchor: anchor.value } : {}),
      },
      () => this.#stopped,
      (entries) => {
        progress.done = Math.min(entries, progress.total);
      },
    );
    this.#lastWhole = { atMs: this.#parts.clock.nowMs(), result };
    return result;
  }

  async #run(
    options: VerifyOptions,
    isOver: () => boolean,
    onEntries: (entries: number) => void = () => undefined,
  ): Promise<Verification> {
    const pieces = this.#parts.store.verification(options);
    for (;;) {
      const piece = pieces.next();
      if (piece.done === true) return piece.value;
      onEntries(piece.value.entries);
      // A customer at the counter comes first: every piece lets what waits run before the next one.
      await immediately();
      if (isOver()) throw new StoreError(fault('store-locked', 'the till is stopping'));
    }
  }

  async #sign(at: SignedHead['at']): Promise<void> {
    const { store, clock, log } = this.#parts;
    const head = this.#head();
    if (head.sequence === 0) return;
    const signature = await this.#signature(signedHeadText(head));
    const facts: SignedHead = signature.ok
      ? { ...head, at, ...signature.value }
      : { ...head, at, unsigned: signature.error.code };
    if (!signature.ok) log.warn({ code: signature.error.code }, 'the journal could not be signed');
    try {
      const [entry] = store.commit(journalSigned(facts, clock.nowMs()));
      store.setSetting(SIGNED, String(entry?.sequence ?? head.sequence));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.error({ code: error.fault.code }, 'the signature of the journal could not be stored');
      return;
    }
    this.anchors.write(signature.ok ? { head, signature: signature.value } : { head });
  }

  async #report(): Promise<void> {
    const { journalFiles: files, store, clock, log } = this.#parts;
    if (files === undefined) return;
    const day = businessDay(clock.nowMs());
    const pieces = dayReport(store, this.#head(), day);
    let piece = pieces.next();
    for (; piece.done !== true; piece = pieces.next()) await immediately();
    const report = await signReport(piece.value, (data) => this.#signature(data));
    const name = `day-${day}-${report.head.terminal}.json`;
    const written = await files.writeReport(name, `${JSON.stringify(report, undefined, 1)}\n`);
    if (!written.ok) log.warn({ code: written.error.code, detail: written.error.detail }, 'day report');
  }

  async #signature(data: Uint8Array): Promise<Result<HeadSignature, Fault>> {
    const { keyStore } = this.#parts;
    const signed = await keyStore.sign(data);
    if (!signed.ok) return signed;
    const { keyId, signature } = signed.value;
    const key = keyStore.keys().find((known) => known.keyId === keyId);
    return key === undefined ? err(fault('key-none')) : ok({ keyId, publicKey: key.publicKey, signature });
  }

  #head(): JournalHead {
    const { store, config, clock } = this.#parts;
    const { institution_code: institution, terminal } = config.shop;
    return { institution, terminal, day: businessDay(clock.nowMs()), ...store.journalHead() };
  }

  #isUnsigned(): boolean {
    return this.#parts.store.journalHead().sequence > this.#signedAt();
  }

  #signedAt(): number {
    const text = this.#parts.store.setting(SIGNED);
    return text === undefined || !/^\d{1,15}$/.test(text) ? 0 : Number(text);
  }
}
