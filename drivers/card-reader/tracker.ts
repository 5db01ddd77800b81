import { type Fault, fault } from '#core/fault';
import type { ReaderEvent, ReaderState } from './port.ts';

/** One reader status as the card service tells it. */
export interface ReaderStatus {
  readonly reader: string;
  /** The service's own count of insertions and removals, 16 bits; starts anew with the service. */
  readonly counter: number;
  readonly card: ReaderState['card'];
  readonly atr: Uint8Array;
}

const LONGEST_ATR = 33;

interface Place {
  card: ReaderState['card'];
  atr: Uint8Array;
  insertion: number;
  /** Counter of the last status; undefined when none came from the present child yet. */
  counter: number | undefined;
  /** Counter at which a card stopped answering: while it stands, the card in there is mute. */
  stuckAt: number | undefined;
}

/**
 * Turns statuses into events. A pull and an insertion can arrive as one status, so not the card's presence
 * but the counter decides: present before and after with another counter is a removal and an insertion.
 * Insertions are numbered by ourselves, over all readers and service restarts, and never twice.
 */
export class ReaderTracker {
  readonly #places = new Map<string, Place>();
  #insertions = 0;

  states(): readonly ReaderState[] {
    return [...this.#places].map(([reader, place]) => ({
      reader,
      card: place.card,
      ...(place.card === 'present' ? { atr: place.atr } : {}),
      insertion: place.insertion,
    }));
  }

  state(reader: string): ReaderState | undefined {
    return this.states().find((state) => state.reader === reader);
  }

  /** Whether every listed reader has told its state since the child was started. */
  settled(): boolean {
    return [...this.#places.values()].every((place) => place.counter !== undefined);
  }

  /** The readers that exist now; names that are missing have been unplugged. */
  list(readers: readonly string[]): ReaderEvent[] {
    const gone = [...this.#places.keys()].filter((reader) => !readers.includes(reader));
    const events = gone.flatMap((reader) => this.unplug(reader, fault('reader-lost')));
    for (const reader of readers) {
      if (this.#places.has(reader)) continue;
      const place: Place = {
        card: 'none',
        atr: new Uint8Array(),
        insertion: 0,
        counter: undefined,
        stuckAt: undefined,
      };
      this.#places.set(reader, place);
      events.push({ kind: 'reader-added', reader });
    }
    return events;
  }

  unplug(reader: string, reason: Fault): ReaderEvent[] {
    const place = this.#places.get(reader);
    if (place === undefined) return [];
    const events = takeCard(reader, place, reason);
    this.#places.delete(reader);
    return [...events, { kind: 'reader-removed', reader, fault: reason }];
  }

  /** Takes in one status; statuses of unknown readers are late news and say nothing. */
  apply(status: ReaderStatus): ReaderEvent[] {
    const { reader } = status;
    const place = this.#places.get(reader);
    if (place === undefined) return [];
    if (place.stuckAt !== undefined && place.stuckAt !== status.counter) place.stuckAt = undefined;
    const card = place.stuckAt !== undefined && status.card === 'present' ? 'mute' : status.card;
    const moved = place.counter !== undefined && place.counter !== status.counter;
    place.counter = status.counter;
    if (!moved && card === place.card) return [];
    const events = takeCard(reader, place, fault('card-removed'));
    if (card === 'none') return events;
    this.#insertions += 1;
    Object.assign(place, { card, atr: status.atr, insertion: this.#insertions });
    const { insertion } = place;
    if (card === 'mute')
      return [...events, { kind: 'card-mute', reader, insertion, fault: fault('card-mute') }];
    return [...events, { kind: 'card-inserted', reader, atr: status.atr, insertion }];
  }

  /** A card that is in place and could not be brought to answer. */
  muted(reader: string): ReaderEvent[] {
    const place = this.#places.get(reader);
    if (place?.card !== 'present') return [];
    place.card = 'mute';
    return [{ kind: 'card-mute', reader, insertion: place.insertion, fault: fault('card-mute') }];
  }

  /** A card that was held to be mute let itself be connected after all. */
  revive(reader: string): void {
    const place = this.#places.get(reader);
    if (place?.card !== 'mute') return;
    place.card = 'present';
    place.stuckAt = undefined;
  }

  /** The child ended with cards in the readers: they are lost to us until the next child sees them. */
  childEnded(reason: Fault, stuckReader: string | undefined): ReaderEvent[] {
    return [...this.#places].flatMap(([reader, place]) => {
      if (reader === stuckReader) place.stuckAt = place.counter;
      place.counter = undefined;
      return takeCard(reader, place, reason);
    });
  }

  /** The card service is down: no reader can be used. */
  serviceLost(reason: Fault): ReaderEvent[] {
    return [...this.#places.keys()].flatMap((reader) => this.unplug(reader, reason));
  }
}

function takeCard(reader: string, place: Place, reason: Fault): ReaderEvent[] {
  if (place.card === 'none') return [];
  place.card = 'none';
  return [{ kind: 'card-removed', reader, insertion: place.insertion, fault: reason }];
}

/**
 * Whether an answer to reset begins like one (TS, ISO 7816-3) and is no longer than one. Card services let
 * damaged ones pass.
 */
export function isUsableAtr(atr: Uint8Array): boolean {
  return (atr[0] === 0x3b || atr[0] === 0x3f) && atr.length <= LONGEST_ATR;
}
