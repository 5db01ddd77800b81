import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CarryPlace } from '#checkout/carry/parts';
import { systemClock } from '#core/clock';
import type { KeyStorePort } from '#drivers/key-store/port';
import { realMedium } from '#store/carry/medium';
import { openTillStore, recordsFile } from '#store/open';
import type { RecordsPlace } from './records.ts';

const MEBIBYTE = 1_048_576;

/** The book of carried sales lies in a folder of its own beside the till's records, sealed with the same key. */
export function carryPlace({ config, folder }: RecordsPlace, keyStore: KeyStorePort): CarryPlace {
  const book = join(folder, 'carried');
  return {
    medium: realMedium,
    hasBook: () => existsSync(join(book, recordsFile)),
    openBook: () =>
      openTillStore({
        folder: book,
        terminal: config.shop.terminal,
        clock: systemClock,
        sealKey: keyStore.derive('records'),
        reserveBytes: Math.min(1, config.data.reserve_mb) * MEBIBYTE,
      }),
  };
}
