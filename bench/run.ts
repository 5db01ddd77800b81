import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchContext, formatLine, isOver, type Measures } from './measure.ts';

export interface BenchOptions {
  readonly args: readonly string[];
  readonly registry?: Registry;
  readonly write?: (line: string) => void;
}

/** Measures by name; loaded only when they are asked for, so that one measure does not disturb another. */
export type Registry = Readonly<Record<string, () => Promise<{ readonly measures: Measures }>>>;

/** Size of a province's list (design section 8). */
const DEFAULT_ROWS = 250_000;

/** The short ones first: what the search leaves in memory would slow them. */
const shipped: Registry = {
  slip: () => import('./slip.ts'),
  split: () => import('./split.ts'),
  commit: () => import('./commit.ts'),
  'commit-flat': () => import('./commit-flat.ts'),
  drain: () => import('./drain.ts'),
  card: () => import('./card.ts'),
  'catalog-import': () => import('./catalog-import.ts'),
  'catalog-search': () => import('./search.ts'),
  'cold-start': () => import('./cold-start.ts'),
  memory: () => import('./memory.ts'),
  ui: () => import('./ui.ts'),
  walk: () => import('./walk.ts'),
};

/**
 * `npm run bench -- [--rows N] [NAME…]`: a line per measure as soon as it is known, all measures without a
 * name. Answers the exit code: 0 all within budget, 1 one is over or could not be measured, 2 wrong arguments.
 */
export async function runBench(options: BenchOptions): Promise<number> {
  const { args, registry = shipped, write = (line) => console.log(line) } = options;
  const wanted = readArguments(args, registry);
  if (typeof wanted === 'string') {
    write(`# ${wanted}`);
    write(`# usage: npm run bench -- [--rows N] [${Object.keys(registry).join('|')}]…`);
    return 2;
  }
  const context = newContext(wanted.rows);
  let over = 0;
  try {
    for (const name of wanted.names) over += await runOne(name, registry, context, write);
  } finally {
    rmSync(context.folder, { recursive: true, force: true });
  }
  return over === 0 ? 0 : 1;
}

async function runOne(
  name: string,
  registry: Registry,
  context: BenchContext,
  write: (line: string) => void,
): Promise<number> {
  let over = 0;
  try {
    const module = await registry[name]?.();
    for await (const output of module?.measures(context) ?? []) {
      if ('note' in output) write(`# ${name}: ${output.note}`);
      else {
        write(formatLine(output));
        if (isOver(output)) over += 1;
      }
    }
  } catch (error) {
    write(`# ${name}: not measured: ${error instanceof Error ? error.message : String(error)}`);
    over += 1;
  }
  return over;
}

function readArguments(
  args: readonly string[],
  registry: Registry,
): { readonly rows: number; readonly names: readonly string[] } | string {
  let parsed: { values: { rows?: string | undefined }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      options: { rows: { type: 'string' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const rows = Number(parsed.values.rows ?? DEFAULT_ROWS);
  if (!Number.isSafeInteger(rows) || rows < 1000) return '--rows is a whole number from 1000';
  const unknown = parsed.positionals.find((name) => namesOf(name, registry).length === 0);
  if (unknown !== undefined) return `no measure named ${unknown}`;
  const wanted = parsed.positionals.flatMap((name) => namesOf(name, registry));
  return { rows, names: wanted.length === 0 ? Object.keys(registry) : [...new Set(wanted)] };
}

/** A measure by its name, or all whose names have it as a word: `catalog` is `catalog-import` and `catalog-search`. */
function namesOf(name: string, registry: Registry): readonly string[] {
  if (Object.hasOwn(registry, name)) return [name];
  return Object.keys(registry).filter((known) => known.split('-').includes(name));
}

function newContext(rows: number): BenchContext {
  const made = new Map<string, Promise<unknown>>();
  return {
    rows,
    folder: mkdtempSync(join(tmpdir(), 'guitai-bench-')),
    once<T>(name: string, make: () => Promise<T>): Promise<T> {
      const known = made.get(name) ?? make();
      made.set(name, known);
      return known as Promise<T>;
    },
  };
}
