import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { SaleView } from '#checkout/view';
import { type FaultCode, fault, faultTable } from '#core/fault';
import { actionsFor } from '../../../src/ui/actions.ts';
import { inLanguage, languageOf } from '../../../src/ui/language.ts';
import { type Language, moreLanguages } from '../../../src/ui/languages/more.ts';
import { officeTexts } from '../../../src/ui/office/texts.ts';
import { texts, tillUnreachable } from '../../../src/ui/texts.ts';
import { FakeTill } from '../../helpers/fake-till.ts';

const folder = fileURLToPath(new URL('../../../src/ui', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));

/** Where the words themselves stand. */
const isCatalogue = (path: string) => path.startsWith('languages/') || path.endsWith('texts.ts');

describe('sentences of the page', () => {
  test('no component takes one language by itself: which one comes first is asked in one place', () => {
    const asked = sources.filter(
      ({ path }) => path.endsWith('.tsx') && /texts(\.\w+|\[[^\]]*\]+)\.(zh|en)\b/.test(path),
    );
    const fixed = sources.filter(({ path, text }) => path.endsWith('.tsx') && /lang="/.test(text));
    expect([...asked, ...fixed].map(({ path }) => path)).toEqual([]);
  });

  test('every one is there in Chinese and in English, and is used', () => {
    const used = sources
      .filter(({ path }) => !isCatalogue(path))
      .map(({ text }) => text)
      .join('\n');
    for (const [key, { zh, en }] of [...Object.entries(texts), ...Object.entries(officeTexts)]) {
      expect([key, zh.trim() !== '', /[A-Za-z]/.test(en)]).toEqual([key, true, true]);
      expect([key, new RegExp(`\\b${key}\\b`).test(used)]).toEqual([key, true]);
    }
  });

  test('no component holds a Chinese sentence of its own', () => {
    for (const { path, text } of sources) {
      if (isCatalogue(path)) continue;
      const code = text
        .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .replaceAll(/'[甲乙丙]'/g, '')
        .replaceAll("name: '中文'", '');
      expect([path, code.match(/[\u4e00-\u9fff]+/)?.[0]]).toEqual([path, undefined]);
    }
  });

  test('nothing is kept in the browser: no storage, no inline script or style text', () => {
    for (const { path, text } of sources) {
      const found =
        /localStorage|sessionStorage|indexedDB|document\.cookie|dangerouslySetInnerHTML|innerHTML|style="/;
      expect([path, found.test(text)]).toEqual([path, false]);
    }
  });

  test("the page's own fault has the words of the table", () => {
    expect(tillUnreachable).toEqual(fault('till-unreachable'));
  });
});

describe('languages', () => {
  const further: Language = { tag: 'zh-Hant', name: '繁體中文', words: { till: '櫃檯' } };

  test("the page's address says which comes first; what it does not know is Chinese", () => {
    expect(languageOf('')).toBe('zh-CN');
    expect(languageOf('?lang=en')).toBe('en');
    expect(languageOf('?lang=xx')).toBe('zh-CN');
    expect(languageOf('?lang=zh-Hant')).toBe('zh-CN');
    expect(languageOf('?lang=zh-Hant', [further])).toBe('zh-Hant');
  });

  test('a further language says what its file says, and the rest in Chinese', () => {
    const { till, signIn } = texts;
    expect(inLanguage({ ...till, own: further.words.till ?? '' }, further.tag)).toBe('櫃檯');
    expect(inLanguage(signIn, further.tag)).toBe('登录');
    expect(inLanguage(signIn, 'en')).toBe('Sign in');
    for (const { tag, words } of moreLanguages) {
      for (const [key, word] of Object.entries(words))
        expect([tag, key, word.trim()]).not.toEqual([tag, key, '']);
    }
  });

  test('every fault has its words and its next step in both', () => {
    for (const code of Object.keys(faultTable) as FaultCode[]) {
      const { zh, en, nextZh, nextEn } = fault(code);
      for (const words of [zh, nextZh]) expect([code, /[\u4e00-\u9fff]/.test(words)]).toEqual([code, true]);
      for (const words of [en, nextEn]) {
        expect([code, /[A-Za-z]{2}/.test(words), /[\u4e00-\u9fff]/.test(words)]).toEqual([code, true, false]);
      }
    }
  });
});

describe('keys', () => {
  test('each state has at most one primary action, and it can be done', () => {
    const till = new FakeTill().view();
    const states: SaleView['state'][] = [
      'selling',
      'quoting',
      'confirming',
      'committing',
      'delivering',
      'done',
      'unknown',
    ];
    for (const state of states) {
      const actions = actionsFor({ ...till, sale: { ...till.sale, state } });
      const primary = actions.filter((action) => action.primary);
      expect(primary.length).toBeLessThanOrEqual(1);
      expect(primary.every((action) => action.enabled)).toBe(true);
      expect(new Set(actions.map(({ key }) => key)).size).toBe(actions.length);
    }
  });

  test('while money is on its way no key sells, pays, removes or holds', () => {
    const till = new FakeTill().view();
    for (const state of ['quoting', 'committing', 'delivering'] as const) {
      const enabled = actionsFor({ ...till, sale: { ...till.sale, state } }).filter(
        (action) => action.enabled,
      );
      expect(enabled.map(({ id }) => id).sort()).toEqual(['menu', 'recall', 'sales', 'training']);
    }
  });
});
