import { parseArgs } from 'node:util';
import { type Clock, systemClock } from '#core/clock';
import type { CardLike } from '#drivers/card-reader/port';
import { deviantCards } from './deviant-cards.ts';
import { VirtualPsam } from './psam.ts';
import { isTrainingCardId, makeTrainingCard, trainingCards } from './training-cards.ts';
import { trainingPsam } from './training-psam.ts';
import { connectToVirtualReader, type VirtualReaderLink } from './vpcd-link.ts';

export interface RunVirtualCardOptions {
  /** Id of a training card or a deviant one, or `psam` for the training shop's security module. */
  readonly cardId: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Port of the reader's slot; the virtual reader's own defaults are 35963 and 35964. */
  readonly port: number;
  readonly clock?: Clock;
}

/** Ids that `runVirtualCard` knows. */
const virtualCardIds: readonly string[] = [
  ...trainingCards.map(({ id }) => id),
  ...deviantCards.map(({ id }) => id),
  'psam',
];

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
  const card = virtualCard(cardId);
  if (card === undefined) return 'unknown-card';
  return await connectToVirtualReader(card, { host, port, clock, reconnect: true });
}

function virtualCard(cardId: string): CardLike | undefined {
  if (cardId === 'psam') return new VirtualPsam(trainingPsam());
  if (isTrainingCardId(cardId)) return makeTrainingCard(cardId);
  return deviantCards.find(({ id }) => id === cardId)?.make();
}

const USAGE = `guitai simulate card ID --port N [--host 127.0.0.1]
  N: the slot of the virtual reader (35963 by default in its own package). IDs: ${virtualCardIds.join(' ')}
`;

/** `guitai simulate card`: keeps the card in the reader until SIGINT or SIGTERM; answers the exit code. */
export async function runVirtualCardProgram(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const link = options === undefined ? 'unknown-card' : await runVirtualCard(options);
  if (link === 'unknown-card') {
    process.stderr.write(USAGE);
    return 2;
  }
  process.stdout.write(`card ${options?.cardId ?? ''} is in the reader on port ${options?.port ?? ''}\n`);
  await new Promise<void>((finish) => {
    process.once('SIGINT', () => finish());
    process.once('SIGTERM', () => finish());
  });
  await link.remove();
  return 0;
}

function readOptions(args: readonly string[]): RunVirtualCardOptions | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { port: { type: 'string' }, host: { type: 'string' } },
    });
    const [cardId] = positionals;
    if (cardId === undefined || !/^\d{1,5}$/.test(values.port ?? '')) return undefined;
    return { cardId, port: Number(values.port), ...(values.host === undefined ? {} : { host: values.host }) };
  } catch {
    return undefined;
  }
}
