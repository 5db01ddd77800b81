import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 70;

/** Which rooms a room may import from; `types` marks an arrow that may carry types only. */
const arrows: Record<string, readonly string[]> = {
  'src/core': [],
  'src/agency': ['src/core'],
  'src/benefits': ['src/core'],
  'src/rules': ['src/core'],
  'src/store': ['src/core'],
  'src/sync': ['src/store', 'src/agency', 'src/core'],
  'src/checkout': [
    'src/core',
    'src/agency',
    'src/benefits',
    'src/rules',
    'src/store',
    'src/sync',
    'state-machines',
    'catalog',
    'receipts',
    'drivers:port-types',
  ],
  'src/server': ['src/checkout:facade', 'src/core'],
  'src/ui': ['src/server:api-types'],
  'src/simulators': ['src/core', 'src/agency:types', 'drivers:port-types'],
  'src/cli': ['src/checkout:facade', 'src/benefits', 'src/core', 'main'],
  drivers: ['src/core'],
  'state-machines': ['src/core'],
  catalog: ['src/core'],
  receipts: ['src/core'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  const found: string[] = [];
  for (const name of readdirSync(join(root, folder))) {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) found.push(...sourceFiles(path));
    else if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) found.push(path);
  }
  return found;
}

const files = ['src', 'drivers', 'state-machines', 'catalog', 'receipts'].flatMap(sourceFiles);
const packageImports: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
).imports;

function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const path = relative(root, resolve(root, dirname(from), specifier));
    return files.find((file) => file === path || file === `${path}.ts` || file === `${path}.tsx`) ?? path;
  }
  if (!specifier.startsWith('#')) return undefined;
  for (const [pattern, targets] of Object.entries(packageImports)) {
    const target = targets['guitai-source'] ?? '';
    const star = pattern.indexOf('*');
    if (star < 0 && pattern === specifier) return target.slice(2);
    if (star >= 0 && specifier.startsWith(pattern.slice(0, star)))
      return target.replace('*', specifier.slice(star)).slice(2);
  }
  throw new Error(`${from}: "${specifier}" is not in the imports map`);
}

type Node = { type: string; start: number; end: number; [key: string]: unknown };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    if (isNode(value)) walk(value, visit);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit);
  }
}

interface Parsed {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly functions: readonly { readonly line: number; readonly lines: number }[];
  readonly defaultExport: boolean;
}

function parse(path: string): Parsed {
  const text = readFileSync(join(root, path), 'utf8');
  const parsed = parseSync(path, text);
  expect(parsed.errors, path).toEqual([]);
  const imports: Import[] = [];
  const functions: { line: number; lines: number }[] = [];
  let defaultExport = false;
  const add = (specifier: unknown, typesOnly: boolean) => {
    if (typeof specifier !== 'string') return;
    const to = resolveImport(path, specifier);
    if (to !== undefined) imports.push({ from: path, to, typesOnly });
  };
  walk(parsed.program as unknown as Node, (node) => {
    const source = node['source'] as { value?: unknown } | null | undefined;
    if (/^(ImportDeclaration|ExportNamedDeclaration|ExportAllDeclaration)$/.test(node.type) && source)
      add(source.value, node['importKind'] === 'type' || node['exportKind'] === 'type');
    if (node.type === 'ImportExpression') add(source?.value, false);
    if (node.type === 'ExportDefaultDeclaration') defaultExport = true;
    if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
      const line = text.slice(0, node.start).split('\n').length;
      functions.push({ line, lines: text.slice(node.start, node.end).split('\n').length });
    }
  });
  return { path, text, imports, functions, defaultExport };
}

const parsedFiles = files.map(parse);

/** The longest room name that the path lies in. */
function roomOf(path: string): string {
  // The composition root: main.ts picks real or simulated parts, main/ puts them together.
  if (path === 'src/main.ts' || path.startsWith('src/main/')) return 'main';
  const rooms = Object.keys(arrows).filter((room) => path.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? path;
}

function allowed(link: Import): boolean {
  const from = roomOf(link.from);
  const to = roomOf(link.to);
  if (from === to || from === 'main') return true;
  const rules = arrows[from] ?? [];
  if (rules.includes(to)) return true;
  if (rules.includes(`${to}:types`) && link.typesOnly) return true;
  if (rules.includes(`${to}:port-types`)) return link.typesOnly && link.to.endsWith('/port.ts');
  if (rules.includes(`${to}:facade`)) return /^src\/checkout\/(facade|view)\.ts$/.test(link.to);
  if (rules.includes(`${to}:api-types`)) return link.typesOnly && link.to === 'src/server/api-types.ts';
  return false;
}

describe('architecture', () => {
  test('every import follows an arrow of the design', () => {
    const wrong = parsedFiles
      .flatMap((file) => file.imports)
      .filter((link) => !allowed(link))
      .map((link) => `${link.from} -> ${link.to}${link.typesOnly ? ' (types)' : ''}`);
    expect(wrong).toEqual([]);
  });

  test('every import reaches a file that exists', () => {
    const lost = parsedFiles
      .flatMap((file) => file.imports)
      .filter((link) => !files.includes(link.to) && !link.to.endsWith('.css'))
      .map((link) => `${link.from} -> ${link.to}`);
    expect(lost).toEqual([]);
  });

  test('no import cycle, types counted too', () => {
    const next = new Map(parsedFiles.map((file) => [file.path, file.imports.map((link) => link.to)]));
    const state = new Map<string, 'open' | 'closed'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: string[]): void => {
      if (state.get(path) === 'closed') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      state.set(path, 'open');
      for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
      state.set(path, 'closed');
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  test(`no file over ${FILE_LINES_MAX} lines and no function over ${FUNCTION_LINES_MAX}`, () => {
    const tooLong = parsedFiles.flatMap((file) => [
      ...(file.text.split('\n').length > FILE_LINES_MAX ? [`${file.path}: file`] : []),
      ...file.functions
        .filter((fn) => fn.lines > FUNCTION_LINES_MAX)
        .map((fn) => `${file.path}:${fn.line}: ${fn.lines} lines`),
    ]);
    expect(tooLong).toEqual([]);
  });

  test('wire names of the agency stay inside src/agency and its simulator', () => {
    const wireName = /\b(acct_pay|psn_no|fund_pay_sumamt|medfee_sumamt|setl_id|mdtrt_id|drugdetail)\b/;
    const leaks = parsedFiles
      .filter((file) => !/^src\/(agency|simulators\/agency)\//.test(file.path))
      .filter((file) => wireName.test(file.text))
      .map((file) => file.path);
    expect(leaks).toEqual([]);
  });

  test('money never goes through floating point', () => {
    const floats = parsedFiles
      .filter((file) => !file.path.startsWith('src/ui/'))
      .filter((file) => /parseFloat\(|\.toFixed\(2\)/.test(file.text))
      .map((file) => file.path);
    expect(floats).toEqual([]);
  });

  test('no default exports outside tool configuration', () => {
    const found = parsedFiles
      .filter((file) => file.defaultExport && !file.path.endsWith('vite.config.ts'))
      .map((file) => file.path);
    expect(found).toEqual([]);
  });

  test('nothing that ships reads the reference folder beside the checkout', () => {
    expect(parsedFiles.filter((file) => /\.\.\/shared\//.test(file.text)).map((file) => file.path)).toEqual(
      [],
    );
  });
});
