import type { CardAlgorithm, CardHolderData, CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { environmentName } from './apdu.ts';
import {
  asciiItem,
  cardNumberItem,
  dateItem,
  digitItem,
  type HolderItem,
  type IssuerItem,
  isUnwritten,
  nameItem,
} from './items.ts';
import { findTlv } from './tlv.ts';

/** Tags of the FCI (card reference 1.3). */
const TAG_NAME = 0x84;
const TAG_ALGORITHM_TEMPLATE = 0x9f0c;
const TAG_ALGORITHM = 0x86;
/** Application provider inside every card identification code. */
const PROVIDER = 'D156000005';

export type Values<Name extends string> = Readonly<Partial<Record<Name, Uint8Array>>>;

/** What SELECT of the environment answered: the algorithm, or why this is no card for us. */
export function decodeSelection(fci: Uint8Array): Result<CardAlgorithm, Fault> {
  const name = findTlv(fci, TAG_NAME);
  if (name !== undefined && !startsWith(name, environmentName)) {
    return err(fault('card-not-social-security', 'other name in the FCI'));
  }
  const template = findTlv(fci, TAG_ALGORITHM_TEMPLATE);
  const code = template === undefined ? undefined : findTlv(template, TAG_ALGORITHM)?.[0];
  switch (code) {
    // Generation 1 and 2 cards carry no tag and mean 3DES.
    case undefined:
    case 0x01:
      return ok('tdes');
    case 0x02:
      return ok('ssf33');
    case 0x03:
      return ok('sm4');
    default:
      return err(fault('card-algorithm-unsupported', `algorithm ${code.toString(16)}`));
  }
}

/**
 * EF05 from the values of its items. `card-blank` without a written card identification code,
 * `card-data-invalid` when that, the version or the card number is not what a card of any generation holds;
 * every other item may be missing or strange.
 */
export function decodeIssuer(
  values: Values<IssuerItem>,
  algorithm: CardAlgorithm,
  historical: Uint8Array,
): Result<CardIssuerData, Fault> {
  if (isUnwritten(values.cardId)) return err(fault('card-blank'));
  const cardId = toHex(values.cardId ?? new Uint8Array());
  if (!/^\d{6}$/.test(cardId.slice(0, 6)) || cardId.length !== 32 || !cardId.startsWith(PROVIDER, 6)) {
    return err(fault('card-data-invalid', 'card identification code'));
  }
  const version = isUnwritten(values.version) ? '' : asciiItem(values.version);
  const generation = version === undefined ? undefined : generationOf(version);
  if (version === undefined || generation === undefined) return err(fault('card-data-invalid', 'version'));
  const cardNumber = cardNumberItem(values.cardNumber);
  if (cardNumber === undefined) return err(fault('card-data-invalid', 'card number'));
  return ok({
    cardId,
    region: cardId.slice(0, 6),
    cardNumber,
    generation,
    version,
    algorithm,
    historicalBytes: toHex(historical),
    ...optional('cardClass', asciiItem(values.cardClass)),
    ...optional('institution', digitItem(values.institution)),
    ...optional('issueDate', dateItem(values.issueDate)),
    ...optional('expiryDate', dateItem(values.expiryDate)),
  });
}

/** By the first three characters only; an empty item is the first generation's (reference 5). */
function generationOf(version: string): CardIssuerData['generation'] | undefined {
  if (version === '' || /^1\.\d/.test(version)) return 1;
  if (/^2\.\d/.test(version)) return 2;
  return /^3\.\d/.test(version) ? 3 : undefined;
}

/** EF06 from the values of its items; `card-blank` when no number was ever written. */
export function decodeHolder(
  values: Values<HolderItem>,
): Result<{ readonly holder: CardHolderData; readonly warnings: readonly Fault[] }, Fault> {
  if (isUnwritten(values.socialSecurityNumber)) return err(fault('card-blank', 'holder file'));
  const socialSecurityNumber = asciiItem(values.socialSecurityNumber);
  if (socialSecurityNumber === undefined) return err(fault('card-data-invalid', 'social security number'));
  const name = nameItem(values.name, values.nameExtension);
  const holder: CardHolderData = {
    socialSecurityNumber,
    // The agency knows the name too: an unreadable one is worth a warning, not a refusal.
    name: name ?? '',
    sex: sexOf(values.sex),
    ...optional('nation', digitItem(values.nation)),
    ...optional('birthplace', digitItem(values.birthplace)),
    ...optional('birthDate', dateItem(values.birthDate)),
  };
  return ok({ holder, warnings: name === undefined ? [fault('card-data-invalid', 'name')] : [] });
}

function sexOf(value: Uint8Array | undefined): CardHolderData['sex'] {
  const code = asciiItem(value);
  if (code === '1') return 'male';
  return code === '2' ? 'female' : 'not-stated';
}

function optional<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  const entry: Partial<Record<Key, string>> = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
