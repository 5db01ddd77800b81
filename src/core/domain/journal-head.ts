import type { FaultCode } from '../fault.ts';
import { sm2KeyId, verifySm2 } from '../sm2.ts';

/** The last entry of a journal at one moment, and whose journal it is. */
export interface JournalHead {
  readonly institution: string;
  readonly terminal: string;
  /** Business day of the moment. */
  readonly day: string;
  readonly sequence: number;
  /** SM3 of the entry, hex. */
  readonly hash: string;
}

/** The terminal's SM2 signature of a head (`signedHeadText`). */
export interface HeadSignature {
  readonly keyId: string;
  readonly publicKey: string;
  /** r ‖ s, 128 hex digits. */
  readonly signature: string;
}

/** Facts of a `journal-signed` event. */
export type SignedHead = JournalHead & {
  /** What this head is the end of: a closed shift, a stop of the program, or the first moment of the next start. */
  readonly at: 'shift-close' | 'stop' | 'next-start';
} & (HeadSignature | { readonly unsigned: FaultCode });

/** What is signed: every field, so that a head of one day or terminal never stands for another. */
export function signedHeadText({ institution, terminal, day, sequence, hash }: JournalHead): Uint8Array {
  return new TextEncoder().encode(
    ['guitai-journal-1', institution, terminal, day, String(sequence), hash].join('|'),
  );
}

/** Whether the signature is one of the key that it names (SM2 with the user id of `core/sm2`). */
export function headSignatureFits(
  head: JournalHead,
  { keyId, publicKey, signature }: HeadSignature,
): boolean {
  return (
    verifySm2(signedHeadText(head), signature, publicKey) &&
    sm2KeyId(publicKey.toUpperCase()).toUpperCase() === keyId.toUpperCase()
  );
}

/** A head of the journal that was written down outside of its file, with the signature if it had one. */
export interface AnchoredHead {
  readonly head: JournalHead;
  readonly signature?: HeadSignature;
}

/** What an anchor file holds: the latest head, and the signed ones of earlier shifts, newest last. */
export interface Anchor {
  readonly latest: AnchoredHead;
  readonly earlier: readonly AnchoredHead[];
}
