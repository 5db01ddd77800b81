import { type Clock, systemClock } from '#core/clock';
import { VirtualPsam } from './psam.ts';
import { isTrainingCardId, makeTrainingCard, trainingCards } from './training-cards.ts';
import { trainingPsam } from './training-psam.ts';
import { connectToVirtualReader, type VirtualReaderLink } from './vpcd-link.ts';

export interface RunVirtualCardOptions {
  /** Id of a training card, or `psam` for the training shop's security module. */
  readonly cardId: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Port of the reader's slot; the virtual reader's own defaults are 35963 and 35964. */
  readonly port: number;
  readonly clock?: Clock;
}

/** Ids that `runVirtualCard` knows. */
export const virtualCardIds: readonly string[] = [...trainingCards.map(({ id }) => id), 'psam'];

/**
 * Puts a training card into a virtual reader and keeps it there, also across restarts of the card service
 * (`guitai simulate card`). `unknown-card` for an id that is not in the box; throws when nobody listens.
 */
export async function runVirtualCard({
  cardId,
  host = '127.0.0.1',
  port,
  clock = systemClock,
}: RunVirtualCardOptions): Promise<VirtualReaderLink | 'unknown-card'> {
  if (cardId !== 'psam' && !isTrainingCardId(cardId)) return 'unknown-card';
  const card = cardId === 'psam' ? new VirtualPsam(trainingPsam()) : makeTrainingCard(cardId);
  return await connectToVirtualReader(card, { host, port, clock, reconnect: true });
}
