import type { Sale } from '#core/domain/sale';
import type { Change, TillStore } from '#store/port';

/** Reads about one sale, named by its id. */
const OF_SALE: ReadonlySet<string> = new Set<keyof TillStore>([
  'sale',
  'settled',
  'messagesOfSale',
  'journalOfSale',
  'upload',
  'slipsOfSale',
]);
/** Reads about many sales, messages or uploads. */
const OF_MANY: ReadonlySet<string> = new Set<keyof TillStore>([
  'salesInState',
  'salesOfDay',
  'messagesInState',
  'uploads',
  'offlineAtRisk',
  'uploadCounts',
  'usedThisYear',
  'accountPaidOn',
  'slips',
]);

/**
 * Answers that stay as they are until something about them is written. A till looks at its open sales at every
 * breath; to open the same sealed rows each time would be half the time of a world.
 */
export class ReadMemory {
  readonly #ofSale = new Map<string, Map<string, unknown>>();
  readonly #ofMany = new Map<string, unknown>();
  readonly #baskets = new Map<string, Sale['state']>();

  read(name: string, args: readonly unknown[], call: () => unknown): unknown {
    if (OF_SALE.has(name)) return kept(this.#shelf(String(args[0])), name, call);
    return OF_MANY.has(name) ? kept(this.#ofMany, `${name} ${args.join()}`, call) : call();
  }

  /** Something is about to be written. */
  write(name: string, args: readonly unknown[]): void {
    if (name === 'commit') this.#committed(args[0] as Change);
    else if (name === 'saveBasket') this.#saved(args[0] as Sale);
    else if (name === 'setSlip' || name === 'countCopy') this.#printed();
  }

  /** A slip does not say whose it is, and printing it is journalled. */
  #printed(): void {
    for (const shelf of this.#ofSale.values()) {
      shelf.delete('journalOfSale');
      shelf.delete('slipsOfSale');
    }
    for (const question of this.#ofMany.keys())
      if (question.startsWith('slips ')) this.#ofMany.delete(question);
  }

  #shelf(saleId: string): Map<string, unknown> {
    const known = this.#ofSale.get(saleId) ?? new Map<string, unknown>();
    this.#ofSale.set(saleId, known);
    return known;
  }

  #committed(change: Change): void {
    this.#ofMany.clear();
    const named = [
      change.sale?.row.saleId,
      change.settled?.saleId,
      change.cancelled?.saleId,
      change.slip?.saleId,
      change.upload?.saleId,
      ...change.events.map(({ saleId }) => saleId),
      ...(change.uploads ?? []).map(({ saleId }) => saleId),
      ...(change.newMessages ?? []).map(({ saleId }) => saleId),
    ].filter((saleId) => saleId !== undefined);
    for (const saleId of named) {
      this.#ofSale.delete(saleId);
      this.#baskets.delete(saleId);
    }
    // A message alone does not say whose it is.
    if (named.length === 0) this.#ofSale.clear();
  }

  /** An open basket that stays open is in no list but that of open ones. */
  #saved({ saleId, state }: Sale): void {
    this.#ofSale.delete(saleId);
    const wasOpen = this.#baskets.get(saleId) === 'open';
    this.#baskets.set(saleId, state);
    for (const question of this.#ofMany.keys()) {
      const isOfSales = question.startsWith('sales');
      const mayHold =
        !wasOpen || state !== 'open' || question.includes('open') || question.startsWith('salesOfDay');
      if (isOfSales && mayHold) this.#ofMany.delete(question);
    }
  }
}

function kept(shelf: Map<string, unknown>, question: string, call: () => unknown): unknown {
  if (shelf.has(question)) return shelf.get(question);
  const answer = call();
  shelf.set(question, answer);
  return answer;
}
