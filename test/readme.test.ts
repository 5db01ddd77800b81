import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { faultTable } from '#core/fault';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

describe('the README', () => {
  test('shows both commands on its first screen', () => {
    const firstScreen = readme.split('\n').slice(0, 25).join('\n');
    expect(firstScreen).toContain('npm start');
    expect(firstScreen).toContain('npm test');
  });

  test('lists every fault code with its retry class and words, and no other', () => {
    const listed = [...readme.matchAll(/^\| `([a-z0-9-]+)` \| (\w+) \| (.*?) \/ /gm)].map(
      ([, code, retry, zh]) => ({
        code,
        retry,
        zh,
      }),
    );
    const known = Object.entries(faultTable).map(([code, { retry, zh }]) => ({ code, retry, zh }));
    const byCode = (a: { code: string | undefined }, b: { code: string | undefined }) =>
      (a.code ?? '') < (b.code ?? '') ? -1 : 1;
    expect(listed.sort(byCode)).toEqual(known.sort(byCode));
  });

  test('names only tests that exist', () => {
    const named = [...readme.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, path]) => path ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([]);
  });

  test('gives a reason for every dependency', () => {
    const names = Object.keys({ ...packageJson.dependencies, ...packageJson.optionalDependencies });
    const missing = names.filter((name) => !readme.includes(name.replace(/^@fastify\//, '')));
    expect(missing).toEqual([]);
  });
});

test('every fault code is used by the program', async () => {
  const { execFileSync } = await import('node:child_process');
  const folders = ['src', 'drivers', 'state-machines', 'catalog', 'receipts'];
  const unused = Object.keys(faultTable).filter((code) => {
    try {
      execFileSync('grep', [
        '-rlF',
        '--include=*.ts',
        '--include=*.tsx',
        '--exclude-dir=faults',
        `'${code}'`,
        ...folders,
      ]);
      return false;
    } catch {
      return true;
    }
  });
  expect(unused).toEqual([]);
});
