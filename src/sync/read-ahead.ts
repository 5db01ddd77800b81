import { StoreError } from '#store/store-error';
import type { SyncParts } from './parts.ts';
import { readableSale } from './readable.ts';

/** The question has left by then, and no agency answers sooner. */
const AFTER_MS = 5;
/** So many are remembered as read: the records keep twice as many at hand. */
const MOST_READ = 64;

/**
 * Reads the sale that will be uploaded next while the agency is at work on the one before, because opening it takes as
 * long as writing it: the records keep what was read last at hand.
 */
export class ReadAhead {
  readonly #parts: Pick<SyncParts, 'clock' | 'store'>;
  readonly #pending = new Set<() => void>();
  readonly #read = new Set<string>();

  constructor(parts: Pick<SyncParts, 'clock' | 'store'>) {
    this.#parts = parts;
  }

  /** `candidates` are asked for when it is time; the first that was not read yet is. */
  soon(candidates: () => Iterable<string>): void {
    const cancel = this.#parts.clock.after(AFTER_MS, () => {
      this.#pending.delete(cancel);
      for (const saleId of candidates()) {
        if (this.#read.has(saleId)) continue;
        this.#look(saleId);
        break;
      }
    });
    this.#pending.add(cancel);
  }

  stop(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }

  #look(saleId: string): void {
    if (this.#read.size >= MOST_READ) this.#read.clear();
    this.#read.add(saleId);
    try {
      readableSale(this.#parts.store, saleId);
    } catch (error) {
      // What is wrong with the disk is told by the upload that needs this sale.
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
