import { randomUUID } from 'node:crypto';
import patch, { type Operation } from 'fast-json-patch';
import type { ChangesMediaType, HasHeader, StateHeader } from './api-types.ts';

export const HAS: HasHeader = 'x-guitai-has';
export const STATE: StateHeader = 'x-guitai-state';
export const CHANGES: ChangesMediaType = 'application/json-patch+json';

const MOST_KEPT = 16;

/** A state of the till as it is answered. */
export interface Told {
  /** By which a page says later that this is the state it has. */
  readonly name: string;
  /** From the state that the page has to this one (JSON Patch, RFC 6902); absent when it is to be told whole. */
  readonly changes?: readonly Operation[];
}

/**
 * The states of the till that pages were answered of late. Who says which one it has is told the difference: an old
 * machine takes longer to read sixty lines than to draw the one that changed. By names and not by revisions, because two
 * answers of one revision may differ in what depends on the hour, and the next process counts its revisions anew.
 */
export class ToldViews {
  readonly #process = randomUUID();
  readonly #views = new Map<string, object>();
  #count = 0;

  /** `has`: the name that the page gave; one that is not kept any more is no fault. */
  tell(view: object, has: string | undefined): Told {
    this.#count += 1;
    const name = `${this.#process}.${this.#count}`;
    // As the page reads it: without what JSON leaves out, and apart from what the till may go on changing.
    const now = JSON.parse(JSON.stringify(view)) as object;
    const before = has === undefined ? undefined : this.#views.get(has);
    this.#views.set(name, now);
    const [oldest] = this.#views.keys();
    if (this.#views.size > MOST_KEPT && oldest !== undefined) this.#views.delete(oldest);
    return before === undefined ? { name } : { name, changes: patch.compare(before, now) };
  }
}
