const STARS_AT_MOST = 8;

/** `张*`, `欧**`: the first character stays; at most two stars, so that the length of a long name is not told. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  const first = characters[0];
  if (first === undefined || characters.length === 1) return '*';
  return first + '*'.repeat(Math.min(2, characters.length - 1));
}

/**
 * Identity and person numbers (15 characters and more) keep six and two, as the till's screen does; shorter
 * ones such as card numbers keep the last four; four or fewer keep none.
 */
export function maskNumber(number: string): string {
  const length = number.length;
  if (length <= 4) return '*'.repeat(length);
  if (length < 15) return '*'.repeat(Math.min(STARS_AT_MOST, length - 4)) + number.slice(-4);
  return `${number.slice(0, 6)}${'*'.repeat(Math.min(STARS_AT_MOST, length - 8))}${number.slice(-2)}`;
}
