import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtGlyphPages, glyphPages, makeGlyphPages } from '#catalog/search/glyph-pages';
import { glyphLayout } from '#core/ports/search-index';

test('the pages that the build left are those that the dictionaries give now', () => {
  const built: unknown = JSON.parse(readFileSync(builtGlyphPages(), 'utf8'));
  expect(built).toEqual(makeGlyphPages());
  expect(glyphPages()).toEqual(built);
});

test('each hanzi stands at its place, with its usual form and its readings', () => {
  const { first, perPage } = glyphLayout;
  const lineOf = (hanzi: string) => {
    const code = hanzi.codePointAt(0) ?? 0;
    return glyphPages()[Math.floor((code - first) / perPage)]?.split('\n')[code % perPage];
  };
  expect(['阿', '黏', '藥'].map(lineOf)).toEqual(['阿 a,e', '粘 nian,zhan', '药 yao']);
});
