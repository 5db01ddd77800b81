import type { TextKey } from './zh-cn/index.ts';

/** A further language: what it does not say yet is said in Chinese. */
export interface Language {
  /** As in the `lang` attribute and in the page's address: `zh-Hant`, `bo`, `ug`. */
  readonly tag: string;
  /** Its own name for itself. */
  readonly name: string;
  readonly words: Readonly<Partial<Record<TextKey, string>>>;
}

/** Languages beside Chinese and English: each a file of its own in this folder, and its name here. */
export const moreLanguages: readonly Language[] = [];
