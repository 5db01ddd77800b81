import { type Clock, delay } from '#core/clock';
import type { CardLike, CardReaderPort } from '#drivers/card-reader/port';
import { connectToVirtualReader, type VirtualReaderLink } from './cards/vpcd-link.ts';
import type { CardSlot } from './training-shop.ts';

const NOTICED_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;

/**
 * The customer's slot of the virtual reader. A removal is awaited until the reader has noticed it: an
 * insertion before that would look like no change at all.
 */
export function virtualReaderSlot(
  readers: CardReaderPort,
  slot: string,
  port: number,
  clock: Clock,
): CardSlot {
  let link: VirtualReaderLink | undefined;
  return {
    async insert(card) {
      await link?.remove();
      link = await connectToVirtualReader(card, { host: '127.0.0.1', port, clock, reconnect: true });
    },
    async remove() {
      await link?.remove();
      link = undefined;
      const until = clock.monotonicMs() + NOTICED_WITHIN_MS;
      const lies = () =>
        readers.readers().some(({ reader, card }) => reader.includes(slot) && card !== 'none');
      while (lies() && clock.monotonicMs() < until) await delay(clock, LOOK_EVERY_MS);
    },
  };
}

/** The customer's slot of the in-process reader. */
export function inProcessSlot(
  reader: {
    insert(reader: string, card: CardLike, options?: { readonly mute?: boolean }): void;
    pull(reader: string): void;
    inserted(reader: string): CardLike | undefined;
  },
  slot: string,
): CardSlot {
  return {
    async insert(card) {
      if (reader.inserted(slot) !== undefined) reader.pull(slot);
      reader.insert(slot, card, { mute: card.atr.length === 0 });
    },
    async remove() {
      if (reader.inserted(slot) !== undefined) reader.pull(slot);
    },
  };
}
