import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { SaleView } from '#checkout/view';
import { fault } from '#core/fault';
import { actionsFor } from '../../../src/ui/actions.ts';
import { officeTexts } from '../../../src/ui/office/texts.ts';
import { texts, tillUnreachable } from '../../../src/ui/texts.ts';
import { FakeTill } from '../../helpers/fake-till.ts';

const folder = fileURLToPath(new URL('../../../src/ui', import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));

describe('sentences of the page', () => {
  test('every one is there in Chinese and in English, and is used', () => {
    const used = sources
      .filter(({ path }) => !path.endsWith('texts.ts'))
      .map(({ text }) => text)
      .join('\n');
    for (const [key, { zh, en }] of [...Object.entries(texts), ...Object.entries(officeTexts)]) {
      expect([key, zh.trim() !== '', /[A-Za-z]/.test(en)]).toEqual([key, true, true]);
      expect([key, new RegExp(`\\b${key}\\b`).test(used)]).toEqual([key, true]);
    }
  });

  test('no component holds a Chinese sentence of its own', () => {
    for (const { path, text } of sources) {
      if (path.endsWith('texts.ts')) continue;
      const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replaceAll(/'[甲乙丙]'/g, '');
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
