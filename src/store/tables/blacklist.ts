import { z } from 'zod';
import type { Blacklist } from '#core/domain/blacklist';
import { type Seals, unlessBroken } from '../seals.ts';
import type { NoteTable } from './notes.ts';
import { parsed } from './rows.ts';

const list = z.strictObject({
  version: z.string(),
  asOfMs: z.number(),
  cards: z.array(z.string()),
  ranges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
}) satisfies z.ZodType<Blacklist>;

const name = 'blacklist';

/** The newest blacklist of cards, sealed: its numbers are people's. Held open, as every offline sale asks it. */
export class BlacklistTable {
  readonly #notes: NoteTable;
  readonly #seals: Seals;
  #open: Blacklist | undefined;

  constructor(notes: NoteTable, seals: Seals) {
    this.#notes = notes;
    this.#seals = seals;
  }

  /** Undefined also when the seal is broken: then nothing is sold offline before a new list has come. */
  read(): Blacklist | undefined {
    if (this.#open !== undefined) return this.#open;
    const sealed = this.#notes.setting(name);
    if (sealed === undefined) return undefined;
    const text = unlessBroken(() => this.#seals.open('settings.value', name, sealed));
    if (text !== undefined) this.#open = parsed(() => list.parse(JSON.parse(text)));
    return this.#open;
  }

  /** The text to be written, made before the transaction: a long list takes a while to seal. */
  sealed(value: Blacklist): string {
    return this.#seals.seal('settings.value', name, JSON.stringify(value));
  }

  write(sealed: string): void {
    this.#open = undefined;
    this.#notes.setSetting(name, sealed);
  }
}
