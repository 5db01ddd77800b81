import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freeName, listVersions, pruneVersions, versionFile } from '#store/catalog-file/versions';
import { temporaryFolder } from '../../../catalog/temporary-folder.ts';

const days = ['01', '02', '03', '04', '05'].map((day) => `202601${day}-080000-0a1b2c3d`);

function folderWith(names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(join(folder, `${name}.db`), '');
  return folder;
}

describe('version files of a folder', () => {
  test('are listed by age, the tenth of a second after the second; other files are not versions', () => {
    const [first = ''] = days;
    const folder = folderWith([`${first}.10`, `${first}.2`, first, 'columns', 'test']);
    mkdirSync(join(folder, 'agency'));
    expect(listVersions(folder)).toEqual([first, `${first}.2`, `${first}.10`]);
    expect(listVersions(join(folder, 'none'))).toEqual([]);
    expect(freeName(folder, first)).toBe(`${first}.3`);
  });

  test('a name from outside stays in the folder', () => {
    expect(versionFile('/data', '../../etc/passwd')).toBe(join('/data', '....etcpasswd.db'));
  });
});

describe('pruning keeps', () => {
  test('the newest, the one in use and those asked for; nothing else is touched', () => {
    const folder = folderWith([...days, 'other']);
    const [oldest = '', second = '', third = ''] = days;
    const removed = pruneVersions({ folder, inUse: oldest, keep: 3, keepAlso: [second] });
    expect(removed).toEqual([third, days[3]]);
    expect(readdirSync(folder).sort()).toEqual([`${oldest}.db`, `${second}.db`, `${days[4]}.db`, 'other.db']);
  });

  test('everything while there are no more than are kept, and the one in use even alone', () => {
    const folder = folderWith(days);
    expect(pruneVersions({ folder, inUse: days[4], keep: 5 })).toEqual([]);
    expect(pruneVersions({ folder, inUse: days[0], keep: 1 })).toEqual(days.slice(1));
    expect(listVersions(folder)).toEqual([days[0]]);
  });

  test('without a version in use the newest ones', () => {
    const folder = folderWith(days);
    pruneVersions({ folder, inUse: undefined, keep: 2 });
    expect(listVersions(folder)).toEqual(days.slice(3));
  });
});
