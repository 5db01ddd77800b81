import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { TillStore } from '#store/port';
import { restoreHold } from '#store/restored';
import type { Sync } from '#sync/sync';
import { type CarryParts, type CarryPlace, carryMarginMs, filesLookedAt } from './parts.ts';

/** Name of the book, in the book and in the till's own records: a book that was lost is noticed. */
const bookSetting = 'carry.book';

export interface OpenBook {
  readonly store: TillStore;
  readonly sync: Sync;
}

/** Makes the worker that uploads what stands in the book, over the till's own link and sign-in. */
export type MakeBookSync = (
  store: TillStore,
  hooks: {
    readonly mayUpload: (saleId: string) => boolean;
    readonly knownElsewhere: (messageId: string) => boolean;
    /** False while nothing may be sent at all. */
    readonly maySend: () => boolean;
  },
) => Sync;

/**
 * The book of carried sales (代传账本): records of their own for sales of other terminals, with their own journal and
 * ledger and the same upload machinery. They are not this till's sales: nothing of them comes near its own books.
 */
export class CarriedBook {
  readonly #parts: Pick<CarryParts, 'store' | 'clock'>;
  readonly #place: CarryPlace;
  readonly #makeSync: MakeBookSync;
  readonly #newId: () => string;
  #open: OpenBook | undefined;

  constructor(
    parts: Pick<CarryParts, 'store' | 'clock'>,
    place: CarryPlace,
    makeSync: MakeBookSync,
    newId: () => string,
  ) {
    this.#parts = parts;
    this.#place = place;
    this.#makeSync = makeSync;
    this.#newId = newId;
  }

  /** Takes up what an earlier run left; a till that never received anything has no book. */
  start(): Fault | undefined {
    if (!this.#place.hasBook()) return undefined;
    const opened = this.open();
    return opened.ok ? undefined : opened.error;
  }

  async stop(): Promise<void> {
    const book = this.#open;
    this.#open = undefined;
    await book?.sync.stop();
    book?.store.close();
  }

  /** The book if there is one open. */
  opened(): OpenBook | undefined {
    return this.#open;
  }

  /** Opens or makes it. `carry-book-lost` when sales of the one that was here may still be uploaded by nobody knows whom. */
  open(): Result<OpenBook, Fault> {
    if (this.#open !== undefined) return ok(this.#open);
    const known = this.#parts.store.setting(bookSetting);
    if (known !== undefined && !this.#place.hasBook() && this.#mayMiss())
      return err(fault('carry-book-lost'));
    const opened = this.#place.openBook();
    if (!opened.ok) return opened;
    const store = opened.value;
    const named = store.setting(bookSetting);
    if (known !== undefined && named !== known && this.#mayMiss()) {
      store.close();
      return err(fault('carry-book-lost'));
    }
    const name = named ?? this.#newId();
    if (named === undefined) store.setSetting(bookSetting, name);
    if (known !== name) this.#parts.store.setSetting(bookSetting, name);
    this.#open = { store, sync: this.#syncOf(store) };
    this.#open.sync.start();
    return ok(this.#open);
  }

  #syncOf(store: TillStore): Sync {
    const own = this.#parts.store;
    return this.#makeSync(store, {
      mayUpload: (saleId) => (store.carry.lastOf(saleId)?.untilMs ?? 0) > this.#parts.clock.nowMs(),
      knownElsewhere: (messageId) => own.message(messageId) !== undefined,
      maySend: () => restoreHold(own) === undefined,
    });
  }

  /** Whether a file that was imported once is within its time: importing it again could charge twice. */
  #mayMiss(): boolean {
    const { store, clock } = this.#parts;
    return store.carry
      .files('in', filesLookedAt)
      .some(({ untilMs }) => untilMs + carryMarginMs > clock.nowMs());
  }
}
