import { beforeEach, expect, test, vi } from 'vitest';
import { optimiseFirstSteps } from '../../../src/main/own-process.ts';

const setFlagsFromString = vi.hoisted(() => vi.fn<(flags: string) => void>());
vi.mock('node:v8', () => ({ setFlagsFromString }));

const budgets = (): readonly number[] =>
  setFlagsFromString.mock.calls.map(([flags]) => Number(flags.replace('--interrupt-budget=', '')));

beforeEach(() => setFlagsFromString.mockClear());

test('what a sale runs is optimised from its first step on, and only what runs a great deal after the first two hundred sales', () => {
  const stepTaken = optimiseFirstSteps();
  expect(budgets()).toEqual([]);
  for (let step = 0; step < 399; step += 1) stepTaken();
  expect(budgets()).toEqual([3_000]);
  for (let step = 0; step < 1_000; step += 1) stepTaken();
  expect(budgets()).toEqual([3_000, 2_000_000]);
});
