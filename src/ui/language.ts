import type { Language } from './languages/more.ts';
import { moreLanguages } from './languages/more.ts';

/** One sentence or label in both languages, and in the page's own where that is a third. */
export interface Text {
  readonly zh: string;
  readonly en: string;
  readonly own?: string;
}

const CHINESE = 'zh-CN';
const ENGLISH = 'en';

/** Which language comes first: what the page's address asks for (`?lang=en`), else Chinese. The browser keeps nothing. */
export function languageOf(address: string, more: readonly Language[] = moreLanguages): string {
  const asked = new URLSearchParams(address).get('lang') ?? CHINESE;
  return asked === ENGLISH || more.some(({ tag }) => tag === asked) ? asked : CHINESE;
}

/** Tests read the words without a page. */
const address = typeof location === 'undefined' ? '' : location.search;

/** The large one of the two that stand beside each other. */
export const FIRST = languageOf(address);
/** The small one. */
export const SECOND = FIRST === CHINESE ? ENGLISH : CHINESE;
export const ownLanguage = moreLanguages.find(({ tag }) => tag === FIRST);

export function first(text: Text): string {
  return inLanguage(text, FIRST);
}

export function second(text: Text): string {
  return inLanguage(text, SECOND);
}

/** A sentence in one language; what a further language does not say is said in Chinese. */
export function inLanguage({ zh, en, own }: Text, tag: string): string {
  if (tag === ENGLISH) return en;
  return tag === CHINESE ? zh : (own ?? zh);
}

/** The words of a fault, a reason or a holder as the till tells them. */
export function told(zh: string | undefined, en: string | undefined): Text {
  return { zh: zh ?? en ?? '', en: en ?? zh ?? '' };
}

/** The languages that may come first, each with the address of this page in it. */
export function languages(): readonly { tag: string; name: string; address: string }[] {
  const all = [{ tag: CHINESE, name: '中文' }, { tag: ENGLISH, name: 'English' }, ...moreLanguages];
  return all.map(({ tag, name }) => ({ tag, name, address: tag === CHINESE ? '?' : `?lang=${tag}` }));
}

/** This page in the language after this one. */
export function nextLanguage(): string {
  const all = languages();
  const place = all.findIndex(({ tag }) => tag === FIRST);
  return all[(place + 1) % all.length]?.address ?? '?';
}

/** Another page of the till, in the language of this one. */
export function pageAt(path: string): string {
  return FIRST === CHINESE ? path : `${path}?lang=${FIRST}`;
}

/** What a screen reader is told of the page. */
export function markPage(): void {
  document.documentElement.lang = FIRST;
}
