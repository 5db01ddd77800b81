import { type Clock, delay } from '#core/clock';
import type { CardLike, CardReaderPort } from '#drivers/card-reader/port';
import { connectToVirtualReader, type VirtualReaderLink } from './cards/vpcd-link.ts';
import type { CardSlot } from './training-shop.ts';

const NOTICED_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;
const INSERT_TRIES = 3;

/**
 * A slot of the virtual reader, for customers' cards or the security module. An insertion is awaited until
 * the reader tells of it, and a removal until the reader has noticed it: an insertion before that would look
 * like no change at all.
 */
export function virtualReaderSlot(
  readers: CardReaderPort,
  slot: string,
  port: number,
  clock: Clock,
): CardSlot {
  let link: VirtualReaderLink | undefined;
  const lies = () => readers.readers().some(({ reader, card }) => reader.includes(slot) && card !== 'none');
  const noticed = async (present: boolean): Promise<boolean> => {
    const until = clock.monotonicMs() + NOTICED_WITHIN_MS;
    while (lies() !== present && clock.monotonicMs() < until) await delay(clock, LOOK_EVERY_MS);
    return lies() === present;
  };
  const remove = async (): Promise<void> => {
    await link?.remove();
    link = undefined;
    await noticed(false);
  };
  return {
    async insert(card) {
      // On a busy machine the virtual reader sometimes overlooks a card: put in again, as one would by hand.
      for (let attempt = 1; attempt <= INSERT_TRIES; attempt += 1) {
        if (link !== undefined) await remove();
        link = await connectToVirtualReader(card, { host: '127.0.0.1', port, clock, reconnect: true });
        if (await noticed(true)) return;
      }
    },
    remove,
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
