const MEMO_SIZE = 20_000;

/**
 * Remembers answers by text. Keeps a copy of its own of each text: a piece of a decoded file would keep the
 * whole file in memory.
 */
export function rememberedOwn<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.answer;
    if (known.size >= MEMO_SIZE) known.clear();
    const own = ownText(text);
    const answer = parse(own);
    known.set(own, { answer });
    return answer;
  };
}

/** The same text in memory of its own. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
