import type { Page } from 'playwright-core';

export type Tongue = 'zh' | 'en';

/** What is in the page's small second language has its own `lang`; everything else belongs to the first. */
interface Shown {
  readonly first: readonly string[];
  readonly second: readonly string[];
}

/** Runs in the page: what can be read now, by the language in which it is meant. Keys, codes and a name's initial belong to none. */
function shownTexts(): Shown {
  const [first, second]: [string[], string[]] = [[], []];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (parent === null || text === '' || !parent.checkVisibility()) continue;
    if (parent.closest('code, kbd, .fault-detail, .holder-photo') !== null) continue;
    const own = parent.closest('[lang]')?.getAttribute('lang');
    (own === document.documentElement.lang ? first : second).push(text);
  }
  return { first, second };
}

const HAN = /[\u4e00-\u9fff]/;
/** Two words beside each other: one may be a unit, a mark or a name. */
const ENGLISH = /[A-Za-z]{2,} [A-Za-z]{2,}/;

/**
 * Sentences of the other language among those of the page's own, and the other way round. `names` is what people and
 * things are called, in whatever language: it is taken out first.
 */
export async function foreignTexts(page: Page, tongue: Tongue, names: readonly string[]): Promise<string[]> {
  const { first, second } = await page.evaluate(shownTexts);
  const longestFirst = [...new Set(names)].sort((a, b) => b.length - a.length);
  const words = (text: string) => longestFirst.reduce((rest, name) => rest.replaceAll(name, ' '), text);
  const [own, other] = tongue === 'zh' ? [ENGLISH, HAN] : [HAN, ENGLISH];
  return [
    ...first.filter((text) => own.test(words(text))),
    ...second.filter((text) => other.test(words(text))),
  ];
}

/** Everything that people and things are called in what the till tells; its sentences (`zh`, `…Zh`) are none of them. */
export function namesIn(told: unknown, key = ''): string[] {
  if (typeof told === 'string') return /(^zh|Zh|^en|En)$/.test(key) || told === '' ? [] : [told];
  if (Array.isArray(told)) return told.flatMap((each) => namesIn(each, key));
  if (told === null || typeof told !== 'object') return [];
  return Object.entries(told).flatMap(([name, value]) => namesIn(value, name));
}
