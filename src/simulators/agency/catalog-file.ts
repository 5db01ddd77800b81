import { readFileSync } from 'node:fs';
import { assert } from '#core/assert';
import type { CatalogEntry } from './policy.ts';
import { scaledFrom } from './wire.ts';

/**
 * Reads what is insured from a tab-separated UTF-8 file without header: national code, class A/B/C, first
 * self-pay share (`0.1`), price ceiling in yuan or nothing. Throws with the line number when a line is wrong.
 */
export function readCatalogFile(path: string): CatalogEntry[] {
  const entries: CatalogEntry[] = [];
  for (const [index, line] of readFileSync(path, 'utf8').split(/\r?\n/).entries()) {
    if (line === '') continue;
    const entry = readEntry(line);
    assert(entry !== undefined, `line ${index + 1} of the catalogue file is code, class, share, ceiling`);
    entries.push(entry);
  }
  return entries;
}

function readEntry(line: string): CatalogEntry | undefined {
  const [nationalCode = '', letter = '', share = '', limit = ''] = line.split('\t');
  const firstSelfPayRatio = share === '' ? 0n : scaledFrom(share, 4);
  const ceiling = limit === '' ? undefined : scaledFrom(limit, 6);
  if (nationalCode === '' || (letter !== 'A' && letter !== 'B' && letter !== 'C')) return undefined;
  if (firstSelfPayRatio === undefined || firstSelfPayRatio < 0n || firstSelfPayRatio > 10_000n)
    return undefined;
  if (limit !== '' && (ceiling === undefined || ceiling < 0n)) return undefined;
  return { nationalCode, class: letter, firstSelfPayRatio, ...(ceiling === undefined ? {} : { ceiling }) };
}
