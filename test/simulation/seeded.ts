/** Mulberry32: small, seeded, the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function choose<const T>(random: () => number, from: readonly [T, ...T[]]): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

/** Seed and number of cases: from the environment for a long run, else a new seed and the small sample. */
export function runLength(name: string, sample: number): { readonly cases: number; readonly seed: number } {
  const cases = Number(process.env[`GUITAI_${name}_CASES`] ?? sample);
  const seed = Number(process.env[`GUITAI_${name}_SEED`] ?? Date.now() % 1_000_000_000);
  return { cases, seed };
}
