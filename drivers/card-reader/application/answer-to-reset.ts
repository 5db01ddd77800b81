/** T1 to TD of an answer to reset: chip maker 2, maker's own 3, then the eight-byte card factor. */
const HISTORICAL_LENGTH = 13;

/**
 * The 13 historical bytes of a social-security card, or undefined when the answer to reset is damaged or of
 * another kind. Contact form `3B6D0000…`; PC/SC writes contactless cards as `3B8D8001…` with a check byte at
 * the end, so "the last bytes of the ATR" would be wrong (card reference 1.5, PC/SC part 3).
 */
export function historicalBytes(atr: Uint8Array): Uint8Array | undefined {
  const [start, format] = atr;
  if ((start !== 0x3b && start !== 0x3f) || format === undefined) return undefined;
  if ((format & 0x0f) !== HISTORICAL_LENGTH) return undefined;
  let at = 2;
  let present = format >> 4;
  let hasCheck = false;
  for (;;) {
    at += bitCount(present & 0x7);
    if ((present & 0x8) === 0) break;
    const next = atr[at];
    if (next === undefined) return undefined;
    // A check byte is there as soon as a protocol other than T=0 is offered (ISO 7816-3).
    if ((next & 0x0f) !== 0) hasCheck = true;
    present = next >> 4;
    at += 1;
  }
  const end = at + HISTORICAL_LENGTH;
  if (atr.length !== end + (hasCheck ? 1 : 0)) return undefined;
  if (hasCheck && atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0) !== 0) return undefined;
  return atr.subarray(at, end);
}

function bitCount(bits: number): number {
  return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);
}
