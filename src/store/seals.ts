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
  | 'settings.value'
  | 'operators.password'
  | 'operators.quick'
  | 'looks.holder';

/** Values by which rows are looked up although they stand in no column in clear. */
export type DigestedValue = 'person-number' | 'card' | 'holder-key' | 'certificate';

/** A record whose seal is broken, as far as it was met since the opening. `id` is no person's data. */
export interface BrokenRecord {
  readonly column: SealedColumn;
  readonly id: string;
  readonly fault: Fault;
}

/** What an event carries: nonce and cipher text, and the tag over them. */
export interface SealedContent {
  readonly content: Uint8Array;
  readonly seal: Uint8Array;
}

/** Length of a seal's tag. */
const SEAL_BYTES = 32;
const DIGESTS_KEPT = 256;

/**
 * The seals of one store. Each value is bound to its column and row, so that a value copied to another row
 * does not open there.
 */
export class Seals {
  readonly #sealer: Sealer;
  readonly #broken = new Map<string, BrokenRecord>();
  readonly #digests = new Map<string, string>();

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  seal(column: SealedColumn, id: string, text: string): string {
    return this.#sealer.seal(text, `${column}.${id}`);
  }

  /** Throws `StoreError` with `record-seal-broken`, and remembers the record, when the value does not open. */
  open(column: SealedColumn, id: string, sealed: string): string {
    const opened = this.#sealer.open(sealed, `${column}.${id}`);
    return opened.ok ? this.whole(column, id, opened.value) : this.refuse(column, id);
  }

  /** The same as bytes: a third shorter on disk. */
  sealBlob(column: SealedColumn, id: string, text: string): Uint8Array {
    return this.#sealer.sealBytes(Buffer.from(text, 'utf8'), `${column}.${id}`);
  }

  openBlob(column: SealedColumn, id: string, sealed: Uint8Array): string {
    const opened = this.#sealer.openBytes(sealed, `${column}.${id}`);
    return opened.ok ? this.whole(column, id, textOf(opened.value)) : this.refuse(column, id);
  }

  /** Seals what a journal event carries, bound to its sequence. */
  sealContent(sequence: number, bytes: Uint8Array): SealedContent {
    const sealed = this.#sealer.sealBytes(bytes, contentPlace(sequence));
    const end = sealed.length - SEAL_BYTES;
    return { content: sealed.subarray(0, end), seal: sealed.subarray(end) };
  }

  /** Undefined when the seal is broken: the caller knows which record that costs, and tells `refuse`. */
  openContent(sequence: number, { content, seal }: SealedContent): Uint8Array | undefined {
    const opened = this.#sealer.openBytes(Buffer.concat([content, seal]), contentPlace(sequence));
    return opened.ok ? opened.value : undefined;
  }

  contentFits(sequence: number, { content, seal }: SealedContent): boolean {
    return this.#sealer.fits(Buffer.concat([content, seal]), contentPlace(sequence));
  }

  /** Answers a value of a record that was read whole: it is not broken, or no more. */
  whole<T>(column: SealedColumn, id: string, value: T): T {
    this.#broken.delete(`${column}.${id}`);
    return value;
  }

  /** Remembers the record as broken and throws `StoreError` with `record-seal-broken`. */
  refuse(column: SealedColumn, id: string): never {
    const place = `${column}.${id}`;
    const found = fault('record-seal-broken', place);
    this.#broken.set(place, { column, id, fault: found });
    throw new StoreError(found);
  }

  /** Digests of the last values are kept: the same few people and cards come again step after step. */
  digest(value: DigestedValue, text: string): string {
    const name = `${value}.${text}`;
    const known = this.#digests.get(name);
    if (known !== undefined) return known;
    const digest = this.#sealer.digest(text, value);
    if (this.#digests.size >= DIGESTS_KEPT) this.#digests.clear();
    this.#digests.set(name, digest);
    return digest;
  }

  broken(): readonly BrokenRecord[] {
    return [...this.#broken.values()];
  }
}

function contentPlace(sequence: number): string {
  return `journal.content.${sequence}`;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
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
