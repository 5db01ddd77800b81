const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = '10X98765432';

/** Citizen identity number (公民身份号码, GB 11643): seventeen digits and a check character, X as capital. */
function isIdentityNumber(text: string): boolean {
  return /^\d{17}[\dX]$/.test(text);
}

/** Whether the check character fits (ISO 7064, MOD 11-2). */
function checkFits(number: string): boolean {
  return isIdentityNumber(number) && checkCharacter(number) === number.at(17);
}

/**
 * Identity numbers of the invented region 9901 carry wrong check digits on purpose; a training shop takes
 * them, a real one never.
 */
export function acceptedNumber(number: string, training: boolean): boolean {
  return checkFits(number) || (training && isIdentityNumber(number) && number.startsWith('9901'));
}

/** For comparison: capital X, and fifteen digits of the old form widened to eighteen. */
export function comparableNumber(number: string): string {
  const text = number.trim().toUpperCase();
  if (!/^\d{15}$/.test(text)) return text;
  const widened = `${text.slice(0, 6)}19${text.slice(6)}`;
  return widened + checkCharacter(widened);
}

/**
 * The number as it may be kept and shown: six and two characters of a long one, one and two of a short one.
 * A masked number stays as it is.
 */
export function maskIdentityNumber(number: string): string {
  const shown = number.length > 12 ? 6 : 1;
  return `${number.slice(0, shown)}${'*'.repeat(Math.max(0, number.length - shown - 2))}${number.slice(-2)}`;
}

function checkCharacter(number: string): string {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
  return CHECKS[sum % 11] ?? '';
}
