import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CutDisk, memoryOrDisk } from './cut-disk.ts';
import type { RecordedEntry } from './cut-recording.ts';
import { seededRandom } from './seeded.ts';

let folder: string;
let root: string;

beforeEach(() => {
  folder = mkdtempSync(join(memoryOrDisk(), 'guitai-cut-disk-'));
  root = join(folder, 'shop');
  mkdirSync(root);
  writeFileSync(join(root, 'old'), 'old content');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function entry(kind: RecordedEntry['kind'], more: Partial<RecordedEntry> = {}): RecordedEntry {
  return { kind, handle: 3, number: 0, data: Buffer.alloc(0), paths: [], ...more };
}

const path = (name: string) => join(root, name);
const opened = (name: string, handle = 3) => entry('open', { handle, paths: [path(name)] });
const written = (data: Buffer | string, number = 0, handle = 3) =>
  entry('write', { handle, number, data: Buffer.from(data) });
const synced = (handle = 3) => entry('sync', { handle });

const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** What many cuts leave after these entries: content by name, as text. */
function cuts(entries: readonly RecordedEntry[], count = 100): readonly Map<string, Buffer>[] {
  const disk = new CutDisk(root);
  for (const one of entries) disk.apply(one);
  return Array.from({ length: count }, (_, seed) => {
    const into = mkdtempSync(join(folder, 'cut-'));
    disk.rebuild(into, seededRandom(seed));
    const names = readdirSync(into);
    return new Map(names.map((name) => [name, readFileSync(join(into, name))] as const));
  });
}

const texts = (files: readonly Map<string, Buffer>[], name: string) =>
  new Set(files.map((one) => one.get(name)?.toString() ?? 'gone'));

test('what is synced with its folder is there after every cut, and what lay there before', () => {
  const rootOpened = entry('open', { handle: 4, paths: [root] });
  const after = cuts([opened('new'), written('whole'), synced(), rootOpened, synced(4)]);
  expect(texts(after, 'old')).toEqual(new Set(['old content']));
  expect(texts(after, 'new')).toEqual(new Set(['whole']));
});

test('a synced file whose name is not synced with its folder may be gone', () => {
  expect(texts(cuts([opened('new'), written('whole'), synced()]), 'new')).toEqual(new Set(['whole', 'gone']));
});

test('an unsynced write is kept, dropped or torn, and only at the borders of sectors of 512 bytes', () => {
  const before = Buffer.alloc(2048, 'a');
  writeFileSync(path('pages'), before);
  const after = cuts([opened('pages'), written(Buffer.alloc(1536, 'b'), 256)]).map((files) =>
    files.get('pages'),
  );
  const kinds = new Set(
    after.map((content) => content?.toString().replace(/(.)\1*/g, (run) => `${run[0]}${run.length} `)),
  );
  expect(kinds.size).toBeGreaterThan(8);
  expect(kinds).toContain('a2048 ');
  expect(kinds).toContain('a256 b1536 a256 ');
  for (const content of after) {
    for (let at = 1; at < 2048; at += 1) {
      const isBorder = at % 512 === 0 || at === 256 || at === 1792;
      if (!isBorder && content?.[at] !== content?.[at - 1]) throw new Error(`torn at ${at}`);
    }
  }
});

test('a removal, a renaming and a cut to length are lost or kept until they are synced', () => {
  writeFileSync(path('temporary'), 'next');
  const renamed = entry('rename', { paths: [path('temporary'), path('old')] });
  expect(texts(cuts([renamed]), 'old')).toEqual(new Set(['old content', 'next']));
  expect(texts(cuts([entry('unlink', { paths: [path('old')] })]), 'old')).toEqual(
    new Set(['old content', 'gone']),
  );
  expect(texts(cuts([opened('old'), entry('truncate', { number: 3 })]), 'old')).toEqual(
    new Set(['old content', 'old']),
  );
  const kept = [renamed, entry('open', { handle: 4, paths: [root] }), synced(4)];
  expect(texts(cuts(kept), 'old')).toEqual(new Set(['next']));
});

test('a file in a new folder whose own name is not synced may be gone with it', () => {
  const inside = path('folder/file');
  const disk = new CutDisk(root);
  for (const one of [
    entry('make-folder', { paths: [path('folder')] }),
    entry('open', { paths: [inside] }),
    written('whole'),
    synced(),
    entry('open', { handle: 4, paths: [path('folder')] }),
    synced(4),
  ])
    disk.apply(one);
  const found = new Set<boolean>();
  for (let seed = 0; seed < 50; seed += 1) {
    const into = join(folder, `again-${seed}`);
    mkdirSync(into);
    disk.rebuild(into, seededRandom(seed));
    found.add(existsSync(join(into, 'folder/file')));
  }
  expect(found).toEqual(new Set([true, false]));
});

test('the same seed rebuilds the same files, byte for byte', () => {
  const entries = [opened('pages'), written(Buffer.alloc(9000, 'x')), written(Buffer.alloc(5000, 'y'), 700)];
  const digests = () => cuts(entries, 30).map((files) => digest(files.get('pages') ?? Buffer.alloc(0)));
  const first = digests();
  rmSync(folder, { recursive: true });
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'old'), 'old content');
  expect(digests()).toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(4);
});
