import { first, SECOND, second, type Text } from './language.ts';
import { type TextKey, texts } from './texts.ts';

/** The page's language with the other one small beside or below it. */
export function Words({ k, text }: { k?: TextKey; text?: Text }) {
  const words = text ?? (k === undefined ? undefined : texts[k]);
  if (words === undefined) return null;
  return (
    <span class="words">
      <span>{first(words)}</span> <small lang={SECOND}>{second(words)}</small>
    </span>
  );
}

/** Both languages on one line, for attributes that take no elements. */
export function spoken(k: TextKey): string {
  return `${first(texts[k])} ${second(texts[k])}`;
}
