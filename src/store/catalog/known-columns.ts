import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { ConfirmedColumns } from '#core/ports/catalog-store';

/** Headers that are remembered; a shop has a few programs, not hundreds. */
const MOST_KNOWN = 50;

const knownShape = z.array(
  z.strictObject({ header: z.array(z.string()), columns: z.record(z.string(), z.string()) }),
);

/** Columns confirmed before, newest first; none when there is no such file or it holds nonsense. */
export function readKnownColumns(file: string): readonly ConfirmedColumns[] {
  try {
    const parsed = knownShape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : [];
  } catch {
    // Missing or torn: the columns are asked for again, which costs a minute and changes no price.
    return [];
  }
}

/** Remembers confirmed columns for the next list with the same header. */
export function rememberColumns(file: string, confirmed: ConfirmedColumns): void {
  const same = JSON.stringify(confirmed.header);
  const others = readKnownColumns(file).filter(({ header }) => JSON.stringify(header) !== same);
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, JSON.stringify([confirmed, ...others].slice(0, MOST_KNOWN), null, 2));
  renameSync(temporary, file);
}
