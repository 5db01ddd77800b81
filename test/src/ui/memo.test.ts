import { expect, test } from 'vitest';
import { keepSame } from '../../../src/ui/memo.ts';

type Json = null | string | number | boolean | Json[] | { [name: string]: Json };

test('what says the same is the part from before, what changed is new, and nothing else is kept', () => {
  const before = {
    lines: [
      { id: 1, product: { name: 'a' } },
      { id: 2, product: { name: 'b' } },
    ],
    now: '1',
  };
  const next = {
    lines: [
      { id: 1, product: { name: 'a' } },
      { id: 3, product: { name: 'b' } },
    ],
    now: '2',
  };
  const kept = keepSame(before, next);
  expect(kept).toEqual({ lines: [before.lines[0], { id: 3, product: { name: 'b' } }], now: '2' });
  expect(kept.lines[0]).toBe(before.lines[0]);
  expect(kept.lines[1]?.product).toBe(before.lines[1]?.product);
  expect(kept.lines[1]).not.toBe(before.lines[1]);
  expect(keepSame(before, structuredClone(before))).toBe(before);
});

test('whatever changed, the page draws what the till said last', () => {
  const seed = Date.now() % 1_000_000;
  let state = seed;
  const draw = (limit: number) => {
    state = (state * 48_271 + 11) % 2_147_483_647;
    return state % limit;
  };
  const some = (depth: number): Json => {
    const kind = draw(depth > 3 ? 4 : 7);
    if (kind === 0) return null;
    if (kind === 1) return draw(3);
    if (kind === 2) return draw(2) === 0;
    if (kind === 3) return ['a', '', '0'][draw(3)] ?? '';
    if (kind === 4) return Array.from({ length: draw(4) }, () => some(depth + 1));
    const names = ['a', 'b', '0', '1'].filter(() => draw(2) === 0);
    return Object.fromEntries(names.map((name) => [name, some(depth + 1)]));
  };
  let kept: Json = null;
  for (let round = 0; round < 5_000; round += 1) {
    const next: Json = draw(3) === 0 ? structuredClone(kept) : some(0);
    const said = structuredClone(next);
    const same = JSON.stringify(said) === JSON.stringify(kept);
    const before = kept;
    kept = keepSame(kept, next);
    expect(kept, `seed ${seed}, round ${round}`).toEqual(said);
    if (same && typeof kept === 'object') expect(kept, `seed ${seed}, round ${round}`).toBe(before);
  }
});
