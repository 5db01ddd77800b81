import type { Anchor } from '#core/domain/journal-head';
import type { JournalCode } from '#core/journal-code';
import type { Finding } from './finding.ts';

/** Signatures met on the way, and how far the last good one reaches. */
export interface SignaturesSeen {
  readonly good: number;
  /** Heads that were recorded without a signature. */
  readonly unsigned: number;
  /** Entries up to here stand under a good signature; 0 = none. */
  readonly signedUpTo: number;
}

export interface VerifyOptions {
  /** First entry to look at; from a later one than the first, only the chain and its signatures are checked. */
  readonly from?: number;
  /** Leaves the rows of sales, messages and queue out. */
  readonly chainOnly?: boolean;
  readonly anchor?: Anchor;
  readonly slips?: readonly JournalCode[];
  /** Ids of the terminal's keys, from its key store. */
  readonly keyIds?: readonly string[];
}

/** What a verification found. */
export interface Verification {
  readonly entries: number;
  readonly head: { readonly sequence: number; readonly hash: string };
  /** The first hundred; `findingCount` counts all. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
  readonly signatures: SignaturesSeen;
  /** Up to here an anchor or a slip proves that nothing was cut off; undefined = none was given. */
  readonly provedUpTo: number | undefined;
  /** Whether the sealed records could be opened (the key was at hand). */
  readonly sealsOpened: boolean;
  /** Whether the signing keys were held against the key store. */
  readonly keysChecked: boolean;
}

/** How far it is, in looked-at entries and sales. */
export interface VerifyProgress {
  readonly entries: number;
  readonly sales: number;
}
