import { concatBytes } from '#core/hex';
import type { ElementaryFile } from './card-files.ts';
import type { KeyedAlgorithm } from './card-keys.ts';

/** A key on the card; its number is the key of the map it stands in. */
export interface CardKey {
  readonly value: Uint8Array;
  /** internal: answers 0088; external: checked by 0082; maintenance: makes MACs of 84xx. */
  readonly use: 'internal' | 'external' | 'maintenance';
  /** Wrong tries until it locks (external only). */
  readonly maxTries: number;
}

/** Application or environment (专用文件), master file included. */
export interface DedicatedFile {
  /** Four hex digits; the master file is 3F00. */
  readonly fid: string;
  readonly name: Uint8Array;
  /** Answer to SELECT. */
  readonly fci: Uint8Array;
  readonly keys: ReadonlyMap<number, CardKey>;
  readonly files: readonly ElementaryFile[];
  readonly locked?: boolean;
  readonly purse?: PurseDefinition;
  /** PIN of the certificate environment, checked by VERIFY 01 81 over a challenge (card reference 3). */
  readonly certificatePin?: CardPin;
}

/** Keys of card money, by index: DPK, DLK and DTK (card reference 4.4). */
export interface PurseKeys {
  readonly purchase: Uint8Array;
  readonly load: Uint8Array;
  /** For transaction codes (TAC). */
  readonly proof: Uint8Array;
}

/** Money file (医疗账户) of DF04 as it is when the card is made. */
export interface PurseDefinition {
  /** Fen. */
  readonly balance: bigint;
  /** Sums of own pay and pooled fund in `year`, fen; default 0. */
  readonly ownSum?: bigint;
  readonly poolSum?: bigint;
  /** Settlement year of the sums, for example 2026. */
  readonly year: number;
  /** `MMdd`, first day of the settlement year; default 0101. */
  readonly startDay?: string;
  /** Sequence of the next purchase and the next load; default 1. */
  readonly sequence?: number;
  readonly loadSequence?: number;
  readonly keys: ReadonlyMap<number, PurseKeys>;
  /** P2 of GET TRANSACTION PROOF as number (01, 02) or character (31, 32); default either. */
  readonly proofParameter?: 'number' | 'character';
}

export interface CardPin {
  /** Digits; empty when the card has none. */
  readonly digits: string;
  readonly maxTries: number;
  /** Tries left when the card is made; default all. */
  readonly triesLeft?: number;
}

/** Everything personal about one simulated card. The first file is the master file. */
export interface CardDefinition {
  /** Answer to reset, hex. */
  readonly atr: string;
  readonly algorithm: KeyedAlgorithm;
  readonly files: readonly [DedicatedFile, ...DedicatedFile[]];
  readonly pin: CardPin;
  readonly locked?: boolean;
}

/** FCI of an application: 6F, 84 name (card reference 1.3). */
export function nameOnlyFci(name: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x6f, name.length + 2, 0x84, name.length), name);
}
