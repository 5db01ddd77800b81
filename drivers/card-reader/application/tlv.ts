/** One data object of a BER-TLV text. */
export interface DataObject {
  readonly tag: number;
  readonly value: Uint8Array;
}

/** Deep enough for an FCI: 6F, A5, 9F0C. */
const DEEPEST = 4;

/**
 * Data objects of one level: tags of one or two bytes, lengths up to 65535. Stops at the first damage and
 * answers what was whole before it: a card's optional items are never a reason to fail.
 */
export function parseTlv(bytes: Uint8Array): DataObject[] {
  const objects: DataObject[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = readHead(bytes, at);
    if (head === undefined || head.start + head.length > bytes.length) break;
    objects.push({ tag: head.tag, value: bytes.subarray(head.start, head.start + head.length) });
    at = head.start + head.length;
  }
  return objects;
}

/** First object with `tag` at any depth of constructed objects. */
export function findTlv(bytes: Uint8Array, tag: number, depth = 0): Uint8Array | undefined {
  if (depth > DEEPEST) return undefined;
  for (const object of parseTlv(bytes)) {
    if (object.tag === tag) return object.value;
    if (!isConstructed(object.tag)) continue;
    const inner = findTlv(object.value, tag, depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Bit 6 of the first tag byte, and 9F0C, which these cards use as a template though it is coded primitive. */
function isConstructed(tag: number): boolean {
  const first = tag > 0xff ? tag >> 8 : tag;
  return (first & 0x20) !== 0 || tag === 0x9f0c;
}

function readHead(bytes: Uint8Array, at: number): { tag: number; start: number; length: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const hasSecond = (first & 0x1f) === 0x1f;
  const second = hasSecond ? bytes[at + 1] : 0;
  if (second === undefined) return undefined;
  const tag = hasSecond ? (first << 8) | second : first;
  const lengthAt = at + (hasSecond ? 2 : 1);
  const short = bytes[lengthAt];
  if (short === undefined) return undefined;
  if (short < 0x80) return { tag, start: lengthAt + 1, length: short };
  const count = short & 0x7f;
  if (count < 1 || count > 2) return undefined;
  const digits = bytes.subarray(lengthAt + 1, lengthAt + 1 + count);
  if (digits.length < count) return undefined;
  return { tag, start: lengthAt + 1 + count, length: digits.reduce((sum, digit) => sum * 256 + digit, 0) };
}
