import { existsSync, renameSync, statSync } from 'node:fs';
import pino from 'pino';
import { createLogger } from '#server/log';

const LOG_BYTES_MAX = 5_000_000;
/** What waits to be written while the disk is full; what comes beyond is dropped. */
const WAITING_BYTES_MAX = 1_000_000;

/** The log beside the records; an old one over the size cap is kept once and then replaced. */
export function openLog(file: string, level: string): pino.Logger {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  const destination = pino.destination({ dest: file, mkdir: true, maxLength: WAITING_BYTES_MAX });
  // Unheard, the first line that a full disk refuses would end the till in the middle of a sale.
  destination.on('error', () => undefined);
  return createLogger({ level, destination });
}
