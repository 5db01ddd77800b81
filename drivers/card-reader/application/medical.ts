import type { CardMedicalData, MedicalEntitlement } from '#core/domain/card-medical';
import type { CardIssuerData } from '#core/domain/holder';
import { asciiItem, digitItem, type Item } from './items.ts';
import type { RecordFile } from './read-file.ts';

/** Medical basics, DF04/EF05 (card reference 2.6); the tags that a counter needs. */
const items = {
  scheme: { tag: 0x81, length: 0x08 },
  insuredRegion: { tag: 0x84, length: 0x03 },
  healthRecord: { tag: 0x87, length: 0x11 },
  medicalCertificate: { tag: 0x8a, length: 0x0f },
  accountNumber: { tag: 0x8b, length: 0x1d },
  personClass: { tag: 0x8c, length: 0x01 },
  cardUse: { tag: 0x8f, length: 0x01 },
} as const satisfies Record<string, Item>;

/** Tags that held names of hospitals on 1.00 cards, all in the length of these. */
const hospitalTags: ReadonlySet<number> = new Set([0x81, 0x84, 0x87]);
const HOSPITAL_LENGTH = 0x46;
/** Fill of items that were rewritten with their new meaning in the old length. */
const REWRITTEN = 0xee;
/** The whole file holds 15 items. */
const MOST_RECORDS = 16;

const entitlements: readonly MedicalEntitlement[] = [
  'out-of-area',
  'outpatient-pool',
  'chronic',
  'medical-aid',
  'veteran-aid',
];

type Generation = CardIssuerData['generation'];

export function medicalFile(generation: Generation): RecordFile {
  const wanted = Object.values(items).map((item) =>
    generation === 1 && hospitalTags.has(item.tag) ? { ...item, length: HOSPITAL_LENGTH } : item,
  );
  return { fid: 'EF05', sfi: 0x05, items: wanted, firstRequired: false, mostRecords: MOST_RECORDS };
}

/** From the values by tag; every item that is missing, unwritten or strange is left out. */
export function decodeMedical(
  values: ReadonlyMap<number, Uint8Array>,
  generation: Generation,
): CardMedicalData {
  const bytesOf = ({ tag }: Item): Uint8Array | undefined => {
    const value = values.get(tag);
    return generation === 1 && hospitalTags.has(tag) ? rewritten(value) : value;
  };
  const kind = asciiItem(bytesOf(items.scheme)) ?? '';
  const flags = /^\d{3}([01]{5})$/.exec(kind)?.[1];
  const scheme = /^\d{3}/.exec(kind)?.[0];
  const insuredRegion = matching(digitItem(bytesOf(items.insuredRegion)), /^\d{6}$/);
  const personClass = matching(digitItem(bytesOf(items.personClass)), /^\d{2}$/);
  const healthRecord = asciiItem(bytesOf(items.healthRecord));
  const accountNumber = asciiItem(bytesOf(items.accountNumber));
  const medicalCertificate = asciiItem(bytesOf(items.medicalCertificate));
  const cardUse = cardUseOf(asciiItem(bytesOf(items.cardUse)));
  return {
    ...(insuredRegion === undefined ? {} : { insuredRegion }),
    ...(personClass === undefined ? {} : { personClass }),
    ...(scheme === undefined ? {} : { scheme }),
    ...(flags === undefined ? {} : { entitlements: entitlements.filter((_, index) => flags[index] === '1') }),
    ...(cardUse === undefined ? {} : { cardUse }),
    ...(healthRecord === undefined ? {} : { healthRecord }),
    ...(accountNumber === undefined ? {} : { accountNumber }),
    ...(medicalCertificate === undefined ? {} : { medicalCertificate }),
  };
}

/**
 * The new value of a rewritten item: last byte EE, the fill cut off. Undefined for an item that still holds
 * its old meaning, the name of a hospital.
 */
function rewritten(value: Uint8Array | undefined): Uint8Array | undefined {
  if (value === undefined || value.at(-1) !== REWRITTEN) return undefined;
  let end = value.length;
  while (end > 0 && value[end - 1] === REWRITTEN) end -= 1;
  return value.subarray(0, end);
}

function matching(text: string | undefined, pattern: RegExp): string | undefined {
  return text !== undefined && pattern.test(text) ? text : undefined;
}

function cardUseOf(code: string | undefined): CardMedicalData['cardUse'] {
  if (code === '1') return 'online';
  return code === '2' ? 'offline' : undefined;
}
