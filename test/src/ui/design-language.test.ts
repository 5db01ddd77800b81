import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(at(path), 'utf8');

const styles = readdirSync(at('src/ui/styles')).map((name) => ({
  name,
  text: read(`src/ui/styles/${name}`).replaceAll(/\/\*[\s\S]*?\*\//g, ''),
}));
const tokens = new Map(
  [...read('src/ui/styles/tokens.css').matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [
    name ?? '',
    value ?? '',
  ]),
);
/** `| ink | ground | ratio |` rows of the design language. */
const pairs = [
  ...read('docs/design-language.md').matchAll(/^\| `([\w-]+)` \| `([\w-]+)` \| ([\d.]+) \|/gm),
].map(([, ink = '', ground = '', ratio = '']) => ({ ink, ground, ratio }));

/** Of two colours, by WCAG 2: 1 = the same, 21 = black on white. */
function contrast(ink: string, ground: string): number {
  const [a, b] = [lightness(ink), lightness(ground)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function lightness(name: string): number {
  const match = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/.exec(tokens.get(name) ?? '');
  if (match === null) throw new Error(`${name} is no colour of tokens.css`);
  const [r = 0, g = 0, b = 0] = match.slice(1).map((part) => {
    const share = Number.parseInt(part, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Every rule that sets both an ink and its ground. */
function pairsOfRules(): string[] {
  return styles.flatMap(({ text }) =>
    [...text.matchAll(/\{([^{}]*)\}/g)].flatMap(([, body = '']) => {
      const ink = /(?:^|[\s;])color:\s*var\(--([\w-]+)\)/.exec(body)?.[1];
      const ground = /(?:^|[\s;])background:\s*var\(--([\w-]+)\)/.exec(body)?.[1];
      return ink === undefined || ground === undefined ? [] : [`${ink} on ${ground}`];
    }),
  );
}

describe('the design language', () => {
  test('every ink has at least 4.5 : 1 on each of its grounds, and the page says how much', () => {
    expect(pairs.length).toBeGreaterThan(20);
    for (const { ink, ground, ratio } of pairs) {
      const found = contrast(ink, ground);
      expect([ink, ground, found >= 4.5]).toEqual([ink, ground, true]);
      expect([ink, ground, ratio]).toEqual([ink, ground, (Math.floor(found * 10) / 10).toFixed(1)]);
    }
  });

  test('an ink that a rule sets on a ground is one of those pairs', () => {
    const known = new Set(pairs.map(({ ink, ground }) => `${ink} on ${ground}`));
    const unknown = pairsOfRules().filter((pair) => !known.has(pair));
    expect(unknown).toEqual([]);
  });

  test('no colour and no size of type stands outside the tokens, and each token is there and is used', () => {
    const others = styles.filter(({ name }) => name !== 'tokens.css');
    for (const { name, text } of others) {
      expect([name, text.match(/#[\da-f]{3,8}\b|\brgba?\(|\bhsl/gi)]).toEqual([name, null]);
      expect([name, text.match(/font-size:\s*[\d.]+(?:rem|px)/g)]).toEqual([name, null]);
    }
    const used = new Set(
      styles.flatMap(({ text }) => [...text.matchAll(/var\(--([\w-]+)\)/g)].map(([, one]) => one)),
    );
    expect([...used].filter((one) => !tokens.has(one ?? ''))).toEqual([]);
    expect([...tokens.keys()].filter((one) => !used.has(one))).toEqual([]);
  });
});
