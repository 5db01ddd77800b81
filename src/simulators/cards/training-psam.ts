import { fromHex } from '#core/hex';
import { diversify, type KeyedAlgorithm, provinceFactor } from './card-keys.ts';
import type { PsamDefinition, PsamEnvironment, PsamKey } from './psam.ts';
import { type RootKeyName, testRootKey } from './test-root-keys.ts';

/** Usage and id of the keys that the module makes three steps from, held at root level (card reference 4.5). */
const ROOT_LEVEL: readonly (readonly [number, number, RootKeyName])[] = [
  [0x67, 0x08, 'IRK'],
  [0x67, 0x0a, 'RKSSSE'],
  [0x67, 0x2e, 'RK1DF01'],
  [0x67, 0x35, 'RK1DF02'],
  [0x67, 0x2b, 'RK1DF03'],
  [0x67, 0x2c, 'RK2DF03'],
  [0x67, 0x2d, 'RK1DF04'],
];

/** Keys held at province level: two steps are left to make. */
const PROVINCE_LEVEL: readonly (readonly [number, number, RootKeyName])[] = [
  [0x48, 0x09, 'STK'],
  [0x48, 0x10, 'PUK'],
  [0x48, 0x12, 'UKSSSE'],
];

export interface TrainingPsamOptions {
  /** Twelve digits, the first six a region; default 990100000001. */
  readonly terminalNumber?: string;
  /** Default both; the first is the master file. */
  readonly algorithms?: readonly [KeyedAlgorithm, ...KeyedAlgorithm[]];
  /** Keys that this module does not hold. */
  readonly without?: readonly RootKeyName[];
}

/** The shop's security module of the training shop: reads nationwide, maintains cards of its own province. */
export function trainingPsam(options: TrainingPsamOptions = {}): PsamDefinition {
  const terminalNumber = options.terminalNumber ?? '990100000001';
  const [first, ...others] = options.algorithms ?? (['tdes', 'sm4'] as const);
  const environment = (algorithm: KeyedAlgorithm): PsamEnvironment => ({
    algorithm,
    keys: keysOf(algorithm, terminalNumber.slice(0, 6), options.without ?? []),
  });
  return {
    atr: '3B6D000000810000009999990100000001',
    publicInformation: '999901000020200101000102000000',
    terminalNumber,
    environments: [environment(first), ...others.map(environment)],
  };
}

function keysOf(algorithm: KeyedAlgorithm, region: string, without: readonly RootKeyName[]): PsamKey[] {
  const root = (name: RootKeyName): Uint8Array => fromHex(testRootKey(name, algorithm));
  const held = ([, , name]: readonly [number, number, RootKeyName]): boolean => !without.includes(name);
  return [
    ...ROOT_LEVEL.filter(held).map(([usage, id, name]) => ({ usage, id, value: root(name) })),
    ...PROVINCE_LEVEL.filter(held).map(([usage, id, name]) => ({
      usage,
      id,
      value: diversify(algorithm, root(name), provinceFactor(region)),
    })),
  ];
}
