import iconv from 'iconv-lite';
import { assert } from '#core/assert';
import { concatBytes, fromHex } from '#core/hex';
import { type CardDefinition, type CardKey, type DedicatedFile, nameOnlyFci } from './card-definition.ts';
import { type CardFacts, cardIdOf, contactAtr, historicalBytesOf } from './card-facts.ts';
import { type AccessRule, type ElementaryFile, freeAccess, recordFile } from './card-files.ts';
import { type CardFactors, cardKey, type KeyedAlgorithm } from './card-keys.ts';
import { medicalFiles } from './medical-files.ts';
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
const RK_SSSE = 0x0a;
const KEY_TRIES = 3;

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
      [0x04, keys.make('UKSSSE', 'external')],
      [0x05, keys.make('BK', 'maintenance')],
      [0x06, keys.make('PUK', 'external')],
      [RK_SSSE, keys.make('RKSSSE', 'external')],
    ]),
    files: environmentFiles(facts, blemishes.blank ?? false),
    ...(blemishes.applicationLocked === true ? { locked: true } : {}),
  };
  return {
    atr: contactAtr(historicalBytes),
    algorithm: facts.algorithm,
    files: [environment, ...applications(facts, keys, blemishes.blank ?? false)],
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
  const holderAccess: AccessRule = facts.version.startsWith('3') ? [[RK_SSSE]] : freeAccess;
  return [
    recordFile('EF05', 0x05, freeAccess, blank ? [] : issuerRecords(facts)),
    recordFile('EF06', 0x06, holderAccess, blank ? [] : holderRecords(facts)),
  ];
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
    reading: readonly (readonly [number, RootKeyName])[],
    files: readonly ElementaryFile[],
  ): DedicatedFile => ({
    fid,
    name: fromHex(name),
    fci: nameOnlyFci(fromHex(name)),
    keys: new Map<number, CardKey>([
      [0x82, keys.make('STK', 'maintenance')],
      ...reading.map(([number, root]) => [number, keys.make(root, 'external')] as const),
    ]),
    files,
  });
  const social1 = [
    [0x84, 'RK1DF03'],
    [0x85, 'RK2DF03'],
  ] as const;
  return [
    application('DF01', 'D15600000500', [[0x88, 'RK1DF01']], []),
    application('DF02', 'D15600000501', [[0x88, 'RK1DF02']], []),
    application('DF03', 'D15600000502', social1, []),
    application('DF04', 'D15600000503', [[0x84, 'RK1DF04']], medicalFiles(facts, blank)),
  ];
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
    const root = fromHex(testRootKey(name, this.#algorithm));
    // The lowest bit of a DES byte is parity and changes nothing, hence another bit.
    if (this.#forged) root[0] = (root[0] ?? 0) ^ 0x40;
    return { value: cardKey(this.#algorithm, root, this.#card), use, maxTries: KEY_TRIES };
  }
}

function ascii(text: string): string {
  return Buffer.from(text, 'ascii').toString('hex').toUpperCase();
}
