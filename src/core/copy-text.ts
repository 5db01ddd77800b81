/**
 * The same characters in a string of their own. A part cut out of a longer text may keep the whole text alive
 * in memory; what is kept from a message that also carried an identity number is copied first.
 */
export function copyText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** A deep copy of plain data in which every text is a string of its own. */
export function copyPlain<T>(value: T): T {
  return structuredClone(value);
}
