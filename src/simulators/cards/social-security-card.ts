import iconv from 'iconv-lite';
import { assert } from '#core/assert';
import { concatBytes, fromHex } from '#core/hex';
import {
  type CardDefinition,
  type CardKey,
  type DedicatedFile,
  nameOnlyFci,
  type PurseKeys,
} from './card-definition.ts';
import { type CardFacts, cardIdOf, contactAtr, historicalBytesOf } from './card-facts.ts';
import {
  type AccessRule,
  type ElementaryFile,
  freeAccess,
  recordFile,
  transparentFile,
} from './card-files.ts';
import { type CardFactors, cardKey, type KeyedAlgorithm } from './card-keys.ts';
import { digitItem, textItem } from './data-items.ts';
import { employmentFiles } from './employment-files.ts';
import { insuranceFiles } from './insurance-files.ts';
import { medicalFiles } from './medical-files.ts';
import { personnelFiles } from './personnel-files.ts';
import { publicFiles } from './public-files.ts';
import { type RootKeyName, testRootKey } from './test-root-keys.ts';

/** What differs from a sound card. */
export interface CardBlemishes {
  /** Root keys that no issuer made: a forged card. */
  readonly forgedKeys?: boolean;
  readonly applicationLocked?: boolean;
  readonly cardLocked?: boolean;
  /** Files without a record: never issued. */
  readonly blank?: boolean;
}

/** Name of the social-security environment (社会保障系统环境), "sx1.sh.社会保障" in GBK. */
export const environmentName = fromHex('7378312E73682EC9E7BBE1B1A3D5CF');

const ALGORITHM_CODE: Record<KeyedAlgorithm, string> = { tdes: '01', sm4: '03' };
const UK_SSSE = 0x04;
const RK_SSSE = 0x0a;
const UK_EF0D = 0x0d;
const KEY_TRIES = 3;

/** Key numbers of the applications (card reference 4.4); those of DF07 are not public and ours. */
const applicationKeys = {
  DF01: [
    [0x83, 'UK1DF01'],
    [0x84, 'UK2DF01'],
    [0x85, 'UK3DF01'],
    [0x86, 'UK4DF01'],
    [0x87, 'UK5DF01'],
    [0x88, 'RK1DF01'],
    [0x89, 'UK6DF01'],
  ],
  DF02: [
    [0x83, 'UK1DF02'],
    [0x88, 'RK1DF02'],
  ],
  DF03: [
    [0x84, 'RK1DF03'],
    [0x85, 'RK2DF03'],
    [0x86, 'UK1DF03'],
  ],
  DF04: [
    [0x84, 'RK1DF04'],
    [0x85, 'UK1DF04'],
    [0x86, 'UK2DF04'],
  ],
  DF07: [
    [0x84, 'RK1DF07'],
    [0x85, 'RK2DF07'],
    [0x86, 'RK3DF07'],
  ],
} as const satisfies Record<string, readonly (readonly [number, RootKeyName])[]>;

/** A whole card from its facts, keys diversified from the invented test roots. */
export function socialSecurityCard(facts: CardFacts, blemishes: CardBlemishes = {}): CardDefinition {
  const historicalBytes = historicalBytesOf(facts);
  const keys = new KeyMaker(facts.algorithm, { region: facts.region, historicalBytes }, blemishes);
  const environment: DedicatedFile = {
    fid: '3F00',
    name: environmentName,
    fci: environmentFci(facts),
    keys: new Map([
      [0x00, keys.make('IRK', 'internal')],
      [0x02, keys.make('STK', 'maintenance')],
      [UK_SSSE, keys.make('UKSSSE', 'external')],
      [0x05, keys.make('BK', 'maintenance')],
      [0x06, keys.make('PUK', 'external')],
      [RK_SSSE, keys.make('RKSSSE', 'external')],
      [UK_EF0D, keys.make('UKEF0D', 'external')],
    ]),
    files: environmentFiles(facts, blemishes.blank ?? false),
    ...(blemishes.applicationLocked === true ? { locked: true } : {}),
  };
  return {
    atr: contactAtr(historicalBytes),
    algorithm: facts.algorithm,
    files: [environment, ...applications(facts, keys, blemishes.blank ?? false), ...certificates(facts)],
    pin: facts.pin,
    ...(blemishes.cardLocked === true ? { locked: true } : {}),
  };
}

function environmentFci({ version, algorithm }: CardFacts): Uint8Array {
  // The algorithm tag came with the third generation.
  const tag = version.startsWith('3') ? `9F0C038601${ALGORITHM_CODE[algorithm]}` : '';
  const own = fromHex(`88011E${tag}`);
  const body = concatBytes(nameOnlyFci(environmentName).slice(2), Uint8Array.of(0xa5, own.length), own);
  return concatBytes(Uint8Array.of(0x6f, body.length), body);
}

function environmentFiles(facts: CardFacts, blank: boolean): ElementaryFile[] {
  const generation = facts.version.slice(0, 1);
  const holderAccess: AccessRule = generation === '3' ? [[RK_SSSE]] : freeAccess;
  const fingerAccess: AccessRule = generation === '1' ? freeAccess : [[RK_SSSE]];
  const empty = (length: number): Uint8Array => new Uint8Array(length).fill(0xff);
  return [
    recordFile('EF05', 0x05, freeAccess, blank ? [] : issuerRecords(facts), UK_SSSE),
    recordFile('EF06', 0x06, holderAccess, blank ? [] : holderRecords(facts), UK_SSSE),
    // Fingerprint (指纹): room only.
    transparentFile('EF07', 0x07, fingerAccess, empty(0x300), UK_SSSE),
    ...(generation === '1' ? [] : [transparentFile('EF08', 0x08, [[RK_SSSE]], photo(blank), UK_SSSE)]),
    ...(generation === '3'
      ? [recordFile('EF0D', 0x0d, freeAccess, blank ? [] : personRecords(facts), UK_EF0D)]
      : []),
  ];
}

/** Photo (照片): a white bitmap's head in a file of 1000 hex bytes; nobody's face. */
function photo(blank: boolean): Uint8Array {
  const bytes = new Uint8Array(0x1000).fill(0xff);
  if (!blank) bytes.set(fromHex('424D3600000000000000360000002800000001000000010000000100180000000000'));
  return bytes;
}

/** Person number (人员识别号) and region of the first application (初次申领地). */
function personRecords({ region, serial }: CardFacts): string[] {
  return [textItem('EA', 0x12, `${region}0000${serial}`), digitItem('EB', 3, region)];
}

function issuerRecords(facts: CardFacts): string[] {
  return [
    `0110${cardIdOf(facts)}`,
    '020133',
    `0304${ascii(facts.version)}`,
    `040C9156000002${facts.region}${facts.region}01`,
    `0504${facts.issueDate}`,
    `0604${facts.expiryDate}`,
    `0709${ascii(facts.cardNumber)}`,
  ];
}

function holderRecords(facts: CardFacts): string[] {
  const name = iconv.encode(facts.name, 'gbk').toString('hex').toUpperCase();
  assert(name.length <= 100, 'a name has at most 50 bytes in GBK');
  const extension = `4E14${name.slice(60).padEnd(40, '0')}`;
  return [
    `0812${ascii(facts.socialSecurityNumber)}`,
    `091E${name.slice(0, 60).padEnd(60, '0')}`,
    ...(facts.version.startsWith('1') ? [] : [extension]),
    `0A01${ascii(facts.sex)}`,
    `0B01${facts.nation}`,
    `0C03${facts.region}`,
    `0D04${facts.birthDate}`,
  ];
}

function applications(facts: CardFacts, keys: KeyMaker, blank: boolean): DedicatedFile[] {
  const application = (
    fid: string,
    name: string,
    held: readonly (readonly [number, RootKeyName])[],
    files: readonly ElementaryFile[],
  ): DedicatedFile => ({
    fid,
    name: fromHex(name),
    fci: nameOnlyFci(fromHex(name)),
    keys: new Map<number, CardKey>([
      [0x82, keys.make('STK', 'maintenance')],
      ...held.map(([number, root]) => [number, keys.make(root, 'external')] as const),
    ]),
    files,
  });
  const medical = application('DF04', 'D15600000503', applicationKeys.DF04, medicalFiles(facts, blank));
  return [
    application('DF01', 'D15600000500', applicationKeys.DF01, publicFiles(facts, blank)),
    application('DF02', 'D15600000501', applicationKeys.DF02, employmentFiles(facts, blank)),
    application('DF03', 'D15600000502', applicationKeys.DF03, insuranceFiles(facts, blank)),
    facts.money === undefined ? medical : { ...medical, purse: { ...facts.money, keys: purseKeys(keys) } },
    ...(facts.version.startsWith('1')
      ? []
      : [application('DF07', 'D15600000504', applicationKeys.DF07, personnelFiles(blank))]),
  ];
}

/** Purchase, load and transaction codes, one set: index 1. */
function purseKeys(keys: KeyMaker): ReadonlyMap<number, PurseKeys> {
  const [purchase, load, proof] = [keys.value('DPK'), keys.value('DLK'), keys.value('DTK')];
  return new Map([[1, { purchase, load, proof }]]);
}

/** Certificate environment "PKI.社会保障" of third-generation cards; its files are not known publicly. */
function certificates({ version, pin, certificatePin = pin }: CardFacts): DedicatedFile[] {
  if (!version.startsWith('3')) return [];
  const name = fromHex('504B492EC9E7BBE1B1A3D5CF');
  return [{ fid: 'DDF3', name, fci: nameOnlyFci(name), keys: new Map(), files: [], certificatePin }];
}

/** Diversifies test roots for one card; a forged card starts from roots that are one bit off. */
class KeyMaker {
  readonly #algorithm: KeyedAlgorithm;
  readonly #card: CardFactors;
  readonly #forged: boolean;

  constructor(algorithm: KeyedAlgorithm, card: CardFactors, blemishes: CardBlemishes) {
    this.#algorithm = algorithm;
    this.#card = card;
    this.#forged = blemishes.forgedKeys ?? false;
  }

  make(name: RootKeyName, use: CardKey['use']): CardKey {
    return { value: this.value(name), use, maxTries: KEY_TRIES };
  }

  value(name: RootKeyName): Uint8Array {
    const root = fromHex(testRootKey(name, this.#algorithm));
    // The lowest bit of a DES byte is parity and changes nothing, hence another bit.
    if (this.#forged) root[0] = (root[0] ?? 0) ^ 0x40;
    return cardKey(this.#algorithm, root, this.#card);
  }
}

function ascii(text: string): string {
  return Buffer.from(text, 'ascii').toString('hex').toUpperCase();
}
