import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type BenchOutput, formatLine, isOver, type Measures } from '../../bench/measure.ts';
import { type Registry, runBench } from '../../bench/run.ts';
import { median, percentile } from '../../bench/statistics.ts';

const promisedForm = /^\S+ -?\d+(\.\d+)?(e-\d+)? \S+ (-|(<=|>=)\d+(\.\d+)?) (ok|over)$/;

function fake(...outputs: BenchOutput[]): { readonly measures: Measures } {
  return {
    async *measures() {
      yield* outputs;
    },
  };
}

const registry: Registry = {
  quick: async () => fake({ name: 'quick', value: 0.5, unit: 'ms', budget: { most: 1 } }),
  slow: async () =>
    fake({ name: 'slow', value: 1.2345, unit: 'ms', budget: { most: 1 } }, { note: 'why it is slow' }),
  peer: async () => fake({ name: 'peer@250000', value: 1234.5, unit: 'ms' }),
  broken: async () => ({
    // biome-ignore lint/correctness/useYield: it fails before its first line
    async *measures() {
      throw new Error('no card service');
    },
  }),
};

async function run(...args: string[]): Promise<{ readonly code: number; readonly lines: string[] }> {
  const lines: string[] = [];
  const code = await runBench({ args, registry, write: (line) => lines.push(line) });
  return { code, lines };
}

describe('npm run bench', () => {
  test('every figure is printed as NAME value unit budget ok|over, everything else behind a #', async () => {
    const { lines } = await run('quick', 'slow', 'peer');
    expect(lines).toEqual([
      'quick 0.5 ms <=1 ok',
      'slow 1.23 ms <=1 over',
      '# slow: why it is slow',
      'peer@250000 1235 ms - ok',
    ]);
    for (const line of lines) if (!line.startsWith('#')) expect(line).toMatch(promisedForm);
  });

  test('a word of names stands for every measure that has it, each once', async () => {
    const named: Registry = {
      'catalog-import': async () => fake({ name: 'import', value: 1, unit: 's' }),
      split: async () => fake({ name: 'split', value: 1, unit: 'ms' }),
      'catalog-search': async () => fake({ name: 'search', value: 1, unit: 'ms' }),
    };
    const lines: string[] = [];
    const args = ['catalog', 'search', 'split'];
    expect(await runBench({ args, registry: named, write: (line) => lines.push(line) })).toBe(0);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['import', 'search', 'split']);
  });

  test('the exit code is 0 within budget and 1 when one measure is over', async () => {
    expect((await run('quick', 'peer')).code).toBe(0);
    expect((await run('quick', 'slow', 'peer')).code).toBe(1);
  });

  test('a measure that fails is told, ends with 1 and lets the others run', async () => {
    const { code, lines } = await run('broken', 'quick');
    expect(code).toBe(1);
    expect(lines).toEqual(['# broken: not measured: no card service', 'quick 0.5 ms <=1 ok']);
  });

  test('an unknown name or option measures nothing and ends with 2', async () => {
    for (const args of [['nothing'], ['constructor'], ['--fast'], ['--rows', 'many', 'quick']]) {
      const { code, lines } = await run(...args);
      expect(code).toBe(2);
      expect(lines.every((line) => line.startsWith('#'))).toBe(true);
    }
  });

  test('measures of one run share what one of them made, and its folder goes with the run', async () => {
    let made = 0;
    let folder = '';
    const sharing: Measures = async function* (context) {
      folder = context.folder;
      const value = await context.once('thing', async () => {
        made += 1;
        return context.rows;
      });
      yield { name: 'rows', value, unit: 'rows' };
    };
    const lines: string[] = [];
    await runBench({
      args: ['--rows', '2000'],
      registry: { one: async () => ({ measures: sharing }), two: async () => ({ measures: sharing }) },
      write: (line) => lines.push(line),
    });
    expect(lines).toEqual(['rows 2000 rows - ok', 'rows 2000 rows - ok']);
    expect(made).toBe(1);
    expect(existsSync(folder)).toBe(false);
  });

  test('a figure that is no number has not kept its budget', () => {
    const broken = { name: 'x', value: Number.NaN, unit: 'ms', budget: { most: 1 } } as const;
    expect(isOver(broken)).toBe(true);
    expect(isOver({ ...broken, value: 0.9, budget: { least: 0.95 } })).toBe(true);
    expect(formatLine({ name: 'x', value: 0.99, unit: 'share', budget: { least: 0.95 } })).toBe(
      'x 0.99 share >=0.95 ok',
    );
  });

  test('median and percentile of few values are values that were measured', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(percentile([5, 1, 4, 2, 3], 0.99)).toBe(5);
    expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  });
});
