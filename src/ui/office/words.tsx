import { first, second } from '../language.ts';
import { Words } from '../words.tsx';
import { type OfficeKey, officeTexts } from './texts.ts';

/** A text of the back office, Chinese with the English small beside it. */
export function W({ k }: { k: OfficeKey }) {
  return <Words text={officeTexts[k]} />;
}

/** Both languages on one line, for attributes that take no elements. */
export function said(k: OfficeKey): string {
  return `${first(officeTexts[k])} ${second(officeTexts[k])}`;
}

/** One language alone, where two find no room. */
export function short(k: OfficeKey): string {
  return first(officeTexts[k]);
}
