import type { Fault } from '#core/fault';
import { fault } from '#core/fault';
import type { Sealer } from '#core/seal';
import { StoreError } from './store-error.ts';

/** A column that holds persons' data and is therefore sealed, written `table.column`. */
export type SealedColumn =
  | 'sales.row'
  | 'messages.body'
  | 'messages.answer'
  | 'settled.row'
  | 'cancelled.row'
  | 'persons.row'
  | 'uploads.agency_text'
  | 'settings.value';

/** Values by which rows are looked up although they stand in no column in clear. */
export type DigestedValue = 'person-number' | 'card' | 'holder-key' | 'certificate';

/** A record whose seal is broken, as far as it was met since the opening. `id` is no person's data. */
export interface BrokenRecord {
  readonly column: SealedColumn;
  readonly id: string;
  readonly fault: Fault;
}

/**
 * The seals of one store. Each value is bound to its column and row, so that a value copied to another row
 * does not open there.
 */
export class Seals {
  readonly #sealer: Sealer;
  readonly #broken = new Map<string, BrokenRecord>();

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  seal(column: SealedColumn, id: string, text: string): string {
    return this.#sealer.seal(text, `${column}.${id}`);
  }

  /** Throws `StoreError` with `record-seal-broken`, and remembers the record, when the value does not open. */
  open(column: SealedColumn, id: string, sealed: string): string {
    const place = `${column}.${id}`;
    const opened = this.#sealer.open(sealed, place);
    if (opened.ok) {
      this.#broken.delete(place);
      return opened.value;
    }
    const found = fault('record-seal-broken', place);
    this.#broken.set(place, { column, id, fault: found });
    throw new StoreError(found);
  }

  digest(value: DigestedValue, text: string): string {
    return this.#sealer.digest(text, value);
  }

  broken(): readonly BrokenRecord[] {
    return [...this.#broken.values()];
  }
}

/** Answers what `read` answers, or undefined when a seal in it is broken (which the store remembers). */
export function unlessBroken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoreError && error.fault.code === 'record-seal-broken') return undefined;
    throw error;
  }
}

/** Reads each row of a list; one whose seal is broken is left out and costs the others nothing. */
export function eachReadable<T extends object>(
  rows: readonly unknown[],
  read: (row: unknown) => T,
): readonly T[] {
  return rows.map((row) => unlessBroken(() => read(row))).filter((value) => value !== undefined);
}
