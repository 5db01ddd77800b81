import { fromHex } from '#core/hex';
import { cityFactor, diversify, type KeyedAlgorithm, provinceFactor } from './card-keys.ts';
import { terminalMacKey } from './offline-codes.ts';
import type { PsamDefinition, PsamEnvironment } from './psam.ts';
import type { PsamKey } from './psam-keys.ts';
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
  [0x48, 0x42, 'UK1DF01'],
  [0x48, 0x43, 'UK2DF01'],
  [0x47, 0x24, 'UK3DF01'],
  [0x47, 0x25, 'UK4DF01'],
  [0x48, 0x44, 'UK5DF01'],
  [0x47, 0x2f, 'UK6DF01'],
  [0x48, 0x49, 'UK1DF04'],
  [0x47, 0x2a, 'UK2DF04'],
];

/** DPK: kind 2, id is the key version; the levels left to make depend on who issued the module. */
const PURCHASE_KIND = 0x02;
const PURCHASE_ID = 0x01;

/**
 * The terminal's own MAC key: kind 6, no levels. Usage and id lie inside the scheme of the module standard;
 * no public source names such a key.
 */
const terminalMacKeyPlace = { usage: 0x06, id: 0x30 } as const;

/** Purchase key index, key version, valid from and to: the files 001A to 001C (nation, province, city). */
const PURCHASE_FILES = ['01012020010120991231', '01012020010120991231', '01012020010120991231'] as const;

export interface TrainingPsamOptions {
  /** Twelve digits, the first six a region; default 990100000001. */
  readonly terminalNumber?: string;
  /** Default both; the first is the master file. */
  readonly algorithms?: readonly [KeyedAlgorithm, ...KeyedAlgorithm[]];
  /** Keys that this module does not hold. */
  readonly without?: readonly RootKeyName[];
  /** Serial number (PSAM序列号), 20 digits; default ends in the last four of the terminal number. */
  readonly serial?: string;
  /** Last terminal sequence that was given, so that a restarted program never repeats one; default 0. */
  readonly terminalSequence?: number;
  /** Diversifications of DPK left to this module: 1, 2 (default) or 3; other lengths of 80 70 are refused. */
  readonly purchaseLevels?: 1 | 2 | 3;
  /** What a wrong MAC2 is answered; default 9302. */
  readonly wrongMac2?: '63CF' | '9302';
}

/** The shop's security module of the training shop: reads nationwide, maintains cards of its own province. */
export function trainingPsam(options: TrainingPsamOptions = {}): PsamDefinition {
  const terminalNumber = options.terminalNumber ?? '990100000001';
  const [first, ...others] = options.algorithms ?? (['tdes', 'sm4'] as const);
  const environment = (algorithm: KeyedAlgorithm): PsamEnvironment => ({
    algorithm,
    keys: keysOf(algorithm, terminalNumber, options),
  });
  const serial = options.serial ?? `9901000020200101${terminalNumber.slice(-4)}`;
  const { terminalSequence, wrongMac2 } = options;
  return {
    atr: '3B6D000000810000009999990100000001',
    publicInformation: `99${serial}02000000`,
    terminalNumber,
    purchaseFiles: PURCHASE_FILES,
    ...(terminalSequence === undefined ? {} : { terminalSequence }),
    ...(wrongMac2 === undefined ? {} : { wrongMac2 }),
    environments: [environment(first), ...others.map(environment)],
  };
}

function keysOf(
  algorithm: KeyedAlgorithm,
  terminalNumber: string,
  { without = [], purchaseLevels = 2 }: TrainingPsamOptions,
): PsamKey[] {
  const region = terminalNumber.slice(0, 6);
  const root = (name: RootKeyName): Uint8Array => fromHex(testRootKey(name, algorithm));
  const held = ([, , name]: readonly [number, number, RootKeyName]): boolean => !without.includes(name);
  const issuedLevels = [provinceFactor(region), cityFactor(region)].slice(0, 3 - purchaseLevels);
  const purchase: PsamKey = {
    usage: (purchaseLevels << 5) | PURCHASE_KIND,
    id: PURCHASE_ID,
    value: issuedLevels.reduce((key, factor) => diversify(algorithm, key, factor), root('DPK')),
  };
  const terminalMac = { ...terminalMacKeyPlace, value: terminalMacKey(algorithm, terminalNumber) };
  return [
    ...ROOT_LEVEL.filter(held).map(([usage, id, name]) => ({ usage, id, value: root(name) })),
    ...PROVINCE_LEVEL.filter(held).map(([usage, id, name]) => ({
      usage,
      id,
      value: diversify(algorithm, root(name), provinceFactor(region)),
    })),
    ...(without.includes('DPK') ? [] : [purchase]),
    ...(without.includes('TMK') ? [] : [terminalMac]),
  ];
}
