import type { AgencyPort, MessageContext } from '#agency/port';
import { businessDay } from '#core/business-time';
import type { Clock } from '#core/clock';
import type { StoredMessage } from '#core/domain/message';
import type { Sale } from '#core/domain/sale';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { TillStore } from '#store/port';
import { recoverIntents, recoverMessage } from '#store/records/recover';
import { restoreHold } from '#store/restored';
import { reconcileAfterRestore } from './after-restore.ts';
import { Ages } from './ages.ts';
import { ClockErrors } from './clock-errors.ts';
import { Pace } from './pace.ts';
import {
  backoffMs,
  giveUpSetting,
  type SyncLink,
  type SyncLog,
  type SyncOptions,
  type SyncParts,
} from './parts.ts';
import { PersonTurns } from './person-turns.ts';
import { refusedForGood } from './plan.ts';
import { type Progress, progressOf } from './progress.ts';
import { readableSale } from './readable.ts';
import { doubtfulMessages, isQuiet, type Reconciled, reconcileDay } from './reconcile.ts';
import { needsLink, nextStep, requestOf, takeStep } from './resolver.ts';
import type { UploadProgress } from './upload-progress.ts';
import { UploadWorker } from './uploads.ts';

export type { SyncLink, SyncLog, SyncOptions } from './parts.ts';
export type { Progress } from './progress.ts';
export type { Reconciled } from './reconcile.ts';
export type { UploadProgress } from './upload-progress.ts';

/** Clears up unanswered money messages, uploads offline sales and compares with the agency's detail. */
export interface Sync {
  /** Turns intents left by a dead process into unknown outcomes and takes up all open work. */
  start(): void;
  /** Stops taking up work and waits for what is on its way, so that its outcome is recorded. */
  stop(): Promise<void>;
  /** Something may have become possible: a row was added, the link is back. Cheap and safe at any time. */
  kick(): void;
  /** A person gives an unknown sale up: its reversal goes on, it is not settled (or cancelled) again. */
  giveUp(saleId: string): void;
  /** How far the queue is while it is being uploaded. */
  uploadProgress(): UploadProgress | undefined;
  /** Uploads what can be uploaded now; `accepted` counts adjusted ones too, `left` is what still waits. */
  drainUploads(): Promise<{ readonly accepted: number; readonly rejected: number; readonly left: number }>;
  /** The detail reconciliation (3202) of one business day. */
  reconcile(day: string): Promise<Result<Reconciled, Fault>>;
  progress(saleId: string): Progress | undefined;
  /** Whether a step of this sale is under way: nobody else may change it meanwhile. */
  busy(saleId: string): boolean;
}

export interface SyncConfig {
  readonly store: TillStore;
  readonly agency: AgencyPort;
  readonly clock: Clock;
  /** Operator and sign-in of the messages; undefined while nobody is signed in, then nothing is sent. */
  readonly context: () => MessageContext | undefined;
  readonly link: SyncLink;
  readonly options?: Partial<SyncOptions>;
  /** Shared with the counter; absent = nobody else moves money. */
  readonly turns?: PersonTurns;
  /** See `SyncParts`: for the book of carried sales beside the till's own records. */
  readonly mayUpload?: (saleId: string) => boolean;
  readonly knownElsewhere?: (messageId: string) => boolean;
  /** After each change of the records. */
  readonly onChange: () => void;
  readonly log: SyncLog;
}

const defaults: SyncOptions = {
  requestLifeMs: 120_000,
  backoffBaseMs: 2_000,
  backoffCapMs: 60_000,
  random: Math.random,
  afterUnknown: 'settle-again',
  uploadsAtOnce: 8,
  uploadRandomStartMs: 30_000,
  uploadBatch: 200,
  uploadPauseMs: 100,
  clearing: [],
};

export function createSync(config: SyncConfig): Sync {
  return new SyncWorker(config);
}

class SyncWorker implements Sync {
  readonly #parts: SyncParts;
  readonly #uploads: UploadWorker;
  readonly #underWay = new Set<Promise<void>>();
  /** Monotonic time before which a sale, or the automatic comparison, is not tried again. */
  readonly #notBeforeMs = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  readonly #compared = new Set<string>();
  #comparing: Promise<unknown> = Promise.resolve();
  #comparingByItself = false;
  #cancelTimer: (() => void) | undefined;
  #running = false;
  #pumping = false;

  constructor(config: SyncConfig) {
    const options = { ...defaults, ...config.options };
    this.#parts = {
      ...config,
      options,
      ages: new Ages(config.clock, options.requestLifeMs),
      clockErrors: new ClockErrors(config.store, config.agency),
      pace: new Pace(config.clock, options),
      turns: config.turns ?? new PersonTurns(config.clock),
      busy: new Set(),
      orphans: new Map(),
    };
    this.#uploads = new UploadWorker(this.#parts, (saleId, work) => this.#launch(saleId, work));
  }

  start(): void {
    const { store, clock, log } = this.#parts;
    const recovered = recoverIntents(store, clock.nowMs());
    if (recovered > 0) log.warn({ recovered }, 'messages were on their way when the till stopped');
    this.#running = true;
    this.#pump();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelTimer?.();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    await this.#comparing;
    this.#uploads.stop();
  }

  kick(): void {
    this.#uploads.renew();
    this.#pump();
  }

  giveUp(saleId: string): void {
    this.#parts.store.setSetting(giveUpSetting(saleId), 'yes');
    this.#pump();
  }

  async drainUploads(): Promise<{
    readonly accepted: number;
    readonly rejected: number;
    readonly left: number;
  }> {
    const held = restoreHold(this.#parts.store) !== undefined;
    if (this.#running && !held) return await this.#uploads.drain();
    return { accepted: 0, rejected: 0, left: this.#parts.store.uploadCounts().waiting };
  }

  uploadProgress(): UploadProgress | undefined {
    return this.#uploads.progress();
  }

  reconcile(day: string): Promise<Result<Reconciled, Fault>> {
    // One at a time: two comparisons would give the same charge back twice.
    const next = this.#comparing.then(async () => {
      // After a restore nothing is decided about one day alone.
      if (restoreHold(this.#parts.store) === undefined) return reconcileDay(this.#parts, day);
      return reconcileAfterRestore(this.#parts);
    });
    this.#comparing = next.then(
      () => this.#pump(),
      () => this.#pump(),
    );
    return next;
  }

  busy(saleId: string): boolean {
    return this.#parts.busy.has(saleId);
  }

  progress(saleId: string): Progress | undefined {
    const sale = this.#parts.store.sale(saleId);
    return sale === undefined ? undefined : progressOf(this.#parts, sale);
  }

  /** Looks at the rows, starts what is due, and wakes again when the next thing falls due, at the latest soon. */
  #pump(): void {
    if (!this.#running || this.#pumping) return;
    this.#pumping = true;
    try {
      this.#parts.clockErrors.note();
      this.#recordOrphans();
      this.#noticeUnanswered();
      const waits = this.#waits();
      const left = waits.filter((wait) => wait !== undefined);
      this.#wakeIn(Math.min(this.#parts.options.backoffBaseMs, ...left));
    } catch (error) {
      this.#parts.log.error({ error: String(error) }, 'open work could not be looked at');
      this.#wakeIn(this.#parts.options.backoffCapMs);
    } finally {
      this.#pumping = false;
    }
  }

  /** Starts what is due; answers when the next things are, in milliseconds from now. */
  #waits(): (number | undefined)[] {
    // What the backup owes may have been done in the lost days: nothing is sent before they are compared.
    if (restoreHold(this.#parts.store) !== undefined) return [this.#compareAfterRestore()];
    const waits = this.#openSales().map((sale) => this.#consider(sale));
    return [...waits, this.#uploads.pump(), this.#compareByItself()];
  }

  /** As soon as the link is there and somebody is signed in, and again with back-off until it went through. */
  #compareAfterRestore(): number | undefined {
    const { clock, link, log } = this.#parts;
    const restMs = (this.#notBeforeMs.get('restore') ?? 0) - clock.monotonicMs();
    if (restMs > 0) return restMs;
    if (this.#comparingByItself || !link.usable() || this.#parts.context() === undefined) return undefined;
    this.#comparingByItself = true;
    const day = businessDay(clock.nowMs());
    void this.reconcile(day)
      .then((result) => {
        if (result.ok) return;
        log.warn({ code: result.error.code }, 'the days since the backup could not be compared yet');
        this.#backOff('restore');
      })
      .catch((error: unknown) => {
        log.error({ error: String(error) }, 'the comparison after the restore failed');
        this.#backOff('restore');
      })
      .then(() => {
        this.#comparingByItself = false;
        this.#pump();
      });
    return undefined;
  }

  /** The life of a request is counted from when this process first saw it unanswered. */
  #noticeUnanswered(): void {
    for (const message of this.#parts.store.messagesInState(['unknown'])) this.#parts.ages.leftMs(message);
  }

  #openSales(): readonly Sale[] {
    const { store } = this.#parts;
    const ambiguous = store.uploads(['ambiguous']).map((row) => readableSale(store, row.saleId));
    return [
      ...store.salesInState(['unknown', 'suspense']),
      ...ambiguous.filter((sale) => sale !== undefined),
    ];
  }

  /** Starts the next step of one sale, or answers the milliseconds until there may be one. */
  #consider(sale: Sale): number | undefined {
    const { busy, link, clock, turns } = this.#parts;
    if (busy.has(sale.saleId)) return undefined;
    const step = nextStep(this.#parts, sale);
    if (step.do === 'nothing') return undefined;
    if (step.do === 'wait') return step.leftMs;
    const restMs = (this.#notBeforeMs.get(sale.saleId) ?? 0) - clock.monotonicMs();
    if (restMs > 0) return restMs;
    if (needsLink(step)) {
      if (!link.usable() || this.#parts.context() === undefined) return undefined;
      const toldMs = this.#parts.pace.toldMs();
      if (toldMs > 0) return toldMs;
      if (turns.mustWait(() => requestOf(sale).personNumber)) return undefined;
    }
    this.#launch(sale.saleId, async () => {
      const next = await takeStep(this.#parts, sale, step);
      if (next === 'again') this.#failures.delete(sale.saleId);
      else this.#backOff(sale.saleId);
    });
    return undefined;
  }

  /** Runs one piece of work on a sale that nothing else works on, then looks at the rows again. */
  #launch(saleId: string, work: () => Promise<unknown>): void {
    const { busy, log } = this.#parts;
    busy.add(saleId);
    const done = work()
      .catch((error: unknown) => {
        log.error({ saleId, error: String(error) }, 'a step could not be done or recorded');
        this.#backOff(saleId);
      })
      .then(() => {
        busy.delete(saleId);
        this.#underWay.delete(done);
        this.#pump();
      });
    this.#underWay.add(done);
  }

  #backOff(key: string): void {
    const failures = (this.#failures.get(key) ?? 1) + 1;
    this.#failures.set(key, failures);
    const { clock, options } = this.#parts;
    this.#notBeforeMs.set(key, clock.monotonicMs() + backoffMs(options, failures));
  }

  /** The disk was full when an answer came: the answer is lost, so the outcome is unknown. */
  #recordOrphans(): void {
    const { orphans, store, clock } = this.#parts;
    for (const [messageId, message] of orphans) {
      if (store.message(messageId)?.state === 'intent') recoverMessage(store, message, clock.nowMs());
      orphans.delete(messageId);
    }
  }

  /** Compares once by itself for each message in doubt, as soon as its doubt can be decided. */
  #compareByItself(): number | undefined {
    const { clock, link, ages } = this.#parts;
    const open = this.#ripeDoubts();
    const [first] = open.filter((message) => isQuiet(this.#parts, message));
    if (first === undefined) {
      const lefts = open.map((message) => ages.leftMs(message)).filter((leftMs) => leftMs > 0);
      return lefts.length === 0 ? undefined : Math.min(...lefts);
    }
    const restMs = (this.#notBeforeMs.get('compare') ?? 0) - clock.monotonicMs();
    if (restMs > 0) return restMs;
    if (this.#comparingByItself || !link.usable() || this.#parts.context() === undefined) return undefined;
    this.#comparingByItself = true;
    const day = businessDay(first.preparedAtMs);
    const asked = new Map(
      open
        .filter((message) => businessDay(message.preparedAtMs) === day && isQuiet(this.#parts, message))
        .map((message) => [message.messageId, this.#doubtOf(message)]),
    );
    void this.reconcile(day)
      .then((result) => {
        if (!result.ok) return this.#backOff('compare');
        for (const doubt of asked.values()) this.#compared.add(doubt);
        // A charge that could not be given back for now is tried again, but not at once.
        if (this.#ripeDoubts().some(({ messageId }) => asked.has(messageId))) return this.#backOff('compare');
        this.#failures.delete('compare');
      })
      .catch((error: unknown) => {
        this.#parts.log.error({ error: String(error) }, 'the comparison with the agency failed');
        this.#backOff('compare');
      })
      .then(() => {
        this.#comparingByItself = false;
        this.#pump();
      });
    return undefined;
  }

  /** A sale still being reversed or settled again is not compared before that is through. */
  #onlyDetailDecides(message: StoredMessage): boolean {
    const sale = readableSale(this.#parts.store, message.saleId);
    if (sale === undefined || sale.state === 'committing') return false;
    if (sale.state !== 'unknown' && sale.state !== 'queued') return true;
    return nextStep(this.#parts, sale).do === 'nothing';
  }

  /** Messages that only the detail decides and that were not compared yet in the state that they are in. */
  #ripeDoubts(): readonly StoredMessage[] {
    return doubtfulMessages(this.#parts).filter(
      (message) => this.#onlyDetailDecides(message) && !this.#compared.has(this.#doubtOf(message)),
    );
  }

  /** A doubt is new again when another try to give the charge back went unanswered, or was refused for now only. */
  #doubtOf(message: StoredMessage): string {
    const about = this.#parts.store
      .messagesOfSale(message.saleId)
      .filter((one) => one.originalMessageId === message.messageId);
    const isNew = (one: StoredMessage) =>
      one.state === 'unknown' ||
      (one.state === 'refused' && one.transaction === '2103' && !refusedForGood(one));
    return `${message.messageId} ${message.state} ${about.filter(isNew).length}`;
  }

  #wakeIn(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#parts.clock.after(Math.max(1, Math.ceil(delayMs)), () => this.#pump());
  }
}
