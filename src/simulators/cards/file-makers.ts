import type { CardFacts } from './card-facts.ts';
import { type AccessRule, type ElementaryFile, recordFile } from './card-files.ts';
import { rewrittenItem } from './data-items.ts';

/** Length of items on 1.00 cards whose old meaning was longer; the reference does not give these lengths. */
const OLD_BYTES = 0x14;

/**
 * Makes record files of one application; contents are invented. Where the reference names no update key for
 * a file, the first one of its application is taken.
 */
export function maker(blank: boolean, update: number) {
  return (fid: string, read: AccessRule, content: readonly string[]): ElementaryFile =>
    records(fid, read, blank, content, update);
}

/** A record file; its short identifier is the last byte of its number. */
export function records(
  fid: string,
  read: AccessRule,
  blank: boolean,
  content: readonly string[],
  update?: number,
): ElementaryFile {
  return recordFile(fid, Number.parseInt(fid.slice(2), 16), read, blank ? [] : content, update);
}

/** Items whose tag meant something else on 1.00 cards: there with old length and mark. */
export function agedItem(old: boolean) {
  return (tag: string, value: string): string =>
    old
      ? rewrittenItem(tag, OLD_BYTES, value)
      : `${tag}${(value.length / 2).toString(16).padStart(2, '0')}${value}`;
}

/** 1.00 cards have other access rules and fewer files. */
export function isOld({ version }: CardFacts): boolean {
  return version.startsWith('1');
}
