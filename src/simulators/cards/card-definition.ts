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
