import type { FaultView } from '#server/api-types';
import { ownLanguage, type Text } from './language.ts';
import { en } from './languages/en/index.ts';
import { type TextKey, zhCn } from './languages/zh-cn/index.ts';

export type { TextKey } from './languages/zh-cn/index.ts';

const paired = new Map<string, Text>();

/**
 * Every sentence of the pages that does not come from the till itself, in the languages of this page. Two languages are
 * put side by side when a sentence is first asked for: a page draws a few dozen of them, and pairing them all took an
 * old machine as long as drawing a panel.
 */
export const texts = new Proxy<Readonly<Record<TextKey, unknown>>>(zhCn, {
  get(_zhCn, key) {
    const known = paired.get(String(key));
    if (known !== undefined) return known;
    const name = String(key) as TextKey;
    const own = ownLanguage?.words[name];
    const text: Text = { zh: zhCn[name], en: en[name], ...(own === undefined ? {} : { own }) };
    paired.set(name, text);
    return text;
  },
}) as Readonly<Record<TextKey, Text>>;

/** The page's own fault: everything else comes from the till with its words. */
export const tillUnreachable: FaultView = {
  code: 'till-unreachable',
  retry: 'ambiguous',
  zh: '柜台程序没有应答',
  en: 'The till program does not answer',
  nextZh: '正在重连；重连后请先看屏幕上的状态，不要重复收费',
  nextEn: 'Reconnecting; look at the state on screen first and do not charge again',
};
