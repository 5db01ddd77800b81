import { allocate, type Money, subtractMoney, sumMoney, zeroMoney } from '#core/money';

/**
 * Spreads an amount by weights: largest remainder, ties to the earlier place. No place takes more than its room;
 * the excess goes to the other places by the room that they have left. The parts add up to `amount`, which is
 * never above the sum of the rooms.
 */
export function spreadInto(amount: Money, weights: readonly Money[], rooms: readonly Money[]): Money[] {
  if (amount === 0n || weights.length === 0) return weights.map(() => zeroMoney);
  const parts = allocate(amount, weights);
  let excess = 0n;
  parts.forEach((part, index) => {
    const room = rooms[index] ?? zeroMoney;
    if (part <= room) return;
    excess += part - room;
    parts[index] = room;
  });
  if (excess === 0n) return parts;
  const left = rooms.map((room, index) => subtractMoney(room, parts[index] ?? zeroMoney));
  const more = allocate(excess as Money, left);
  return parts.map((part, index) => sumMoney([part, more[index] ?? zeroMoney]));
}
