import type { FaultView } from '#server/api-types';
import { ownLanguage, type Text } from './language.ts';
import { en } from './languages/en/index.ts';
import { type TextKey, zhCn } from './languages/zh-cn/index.ts';

export type { TextKey } from './languages/zh-cn/index.ts';

/** Every sentence of the pages that does not come from the till itself, in the languages of this page. */
export const texts = Object.fromEntries(
  (Object.keys(zhCn) as TextKey[]).map((key): [TextKey, Text] => {
    const own = ownLanguage?.words[key];
    return [key, { zh: zhCn[key], en: en[key], ...(own === undefined ? {} : { own }) }];
  }),
) as Readonly<Record<TextKey, Text>>;

/** The page's own fault: everything else comes from the till with its words. */
export const tillUnreachable: FaultView = {
  code: 'till-unreachable',
  retry: 'ambiguous',
  zh: '柜台程序没有应答',
  en: 'The till program does not answer',
  nextZh: '正在重连；重连后请先看屏幕上的状态，不要重复收费',
  nextEn: 'Reconnecting; look at the state on screen first and do not charge again',
};
