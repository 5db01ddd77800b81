import { type Text, type TextKey, texts } from './texts.ts';

/** Chinese with the English small beside or below it. */
export function Words({ k, text }: { k?: TextKey; text?: Text }) {
  const words = text ?? (k === undefined ? undefined : texts[k]);
  if (words === undefined) return null;
  return (
    <span class="words">
      <span>{words.zh}</span> <small lang="en">{words.en}</small>
    </span>
  );
}

/** Both languages on one line, for attributes that take no elements. */
export function spoken(k: TextKey): string {
  return `${texts[k].zh} ${texts[k].en}`;
}
