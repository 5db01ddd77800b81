/** Least and most of two whole numbers. */
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export function total(values: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum;
}

/** numerator ÷ denominator as a whole number, neither of them negative; the remainder goes as named. */
export function divide(
  numerator: bigint,
  denominator: bigint,
  rounding: 'half-up' | 'down' | 'up' = 'half-up',
): bigint {
  const remainder = numerator % denominator;
  const below = (numerator - remainder) / denominator;
  if (remainder === 0n || rounding === 'down') return below;
  return rounding === 'up' || remainder * 2n >= denominator ? below + 1n : below;
}

/**
 * Deals an amount out by weights: everybody gets the whole fen of their share, then one fen each goes to the
 * largest remainders, among equals to the earlier. Nobody has a weight: the first gets all.
 */
export function dealOut(amount: bigint, weights: readonly bigint[]): bigint[] {
  const all = total(weights);
  if (all === 0n) return weights.map((_, place) => (place === 0 ? amount : 0n));
  const hands = weights.map((weight, place) => ({
    place,
    got: (amount * weight) / all,
    owed: (amount * weight) % all,
  }));
  const missing = Number(amount - total(hands.map(({ got }) => got)));
  const first = [...hands].sort((a, b) => (a.owed === b.owed ? a.place - b.place : a.owed > b.owed ? -1 : 1));
  for (const hand of first.slice(0, missing)) hand.got += 1n;
  return hands.map(({ got }) => got);
}

/** Deals out by weights, nobody more than there is room for; what is too much goes by the room that is left. */
export function dealOutInto(room: readonly bigint[], amount: bigint, weights: readonly bigint[]): bigint[] {
  const fitting = dealOut(amount, weights).map((part, place) => least(part, room[place] ?? 0n));
  const excess = amount - total(fitting);
  if (excess === 0n) return fitting;
  const more = dealOut(
    excess,
    room.map((most, place) => most - (fitting[place] ?? 0n)),
  );
  return fitting.map((part, place) => part + (more[place] ?? 0n));
}
