import { first } from './language.ts';
import { texts } from './texts.ts';

/** How long ago something was asked; empty when nobody knows. */
export function ageText(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (seconds < 10) return first(texts.balanceNow);
  if (seconds < 60) return `${seconds} ${first(texts.secondsAgo)}`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} ${first(texts.minutesAgo)}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} ${first(texts.hoursAgo)}`;
  return `${Math.floor(seconds / 86_400)} ${first(texts.daysAgo)}`;
}
