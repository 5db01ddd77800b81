import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { RecordedEntry } from './cut-recording.ts';
import { choose } from './seeded.ts';

const SECTOR_BYTES = 512;
const WAYS = ['nothing', 'everything', 'in-order', 'by-chance', 'by-chance', 'by-sector'] as const;

type FileChange = { readonly serial: number } & (
  | { readonly kind: 'write'; readonly at: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly length: number }
);

/** Bytes of a file that grow without being copied each time. */
class Content {
  #room: Buffer;
  #length: number;

  constructor(bytes: Buffer) {
    this.#room = bytes;
    this.#length = bytes.length;
  }

  apply(change: FileChange): void {
    if (change.kind === 'truncate') {
      this.#resize(change.length);
      return;
    }
    const end = change.at + change.data.length;
    if (end > this.#length) this.#resize(end);
    change.data.copy(this.#room, change.at);
  }

  copy(): Content {
    return new Content(Buffer.from(this.bytes()));
  }

  bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  #resize(length: number): void {
    if (length > this.#room.length) {
      const room = Buffer.alloc(Math.max(length, 2 * this.#room.length));
      this.bytes().copy(room);
      this.#room = room;
    }
    // What is cut off reads as zeros when the file grows again.
    if (length < this.#length) this.#room.fill(0, length, this.#length);
    this.#length = length;
  }
}

/** A file as the disk holds it, and what was done to it since its last sync. */
class DiskFile {
  readonly synced: Content;
  readonly pending: FileChange[] = [];

  constructor(bytes: Buffer) {
    this.synced = new Content(bytes);
  }

  sync(): void {
    for (const change of this.pending) this.synced.apply(change);
    this.pending.length = 0;
  }
}

type Node = DiskFile | 'folder';

/** One change of names, whole or not at all: the names it touches, with what they mean afterwards. */
interface NameChange {
  readonly serial: number;
  readonly folder: string;
  readonly names: readonly (readonly [path: string, node: Node | undefined])[];
}

/** What came of everything unsynced in one cut. */
export type CutWay = (typeof WAYS)[number];

/**
 * The disk under a recorded folder: what is synced stays; what is not is kept, dropped or torn when the power goes.
 * Names are synced with their folder only, contents with their file only.
 */
export class CutDisk {
  readonly #root: string;
  readonly #names = new Map<string, Node>();
  readonly #syncedNames = new Map<string, Node>();
  readonly #pendingNames: NameChange[] = [];
  readonly #handles = new Map<number, string | DiskFile>();
  #serial = 0;

  /** Begins with the files that lie in the folder, all of them synced. */
  constructor(root: string) {
    this.#root = root;
    this.#syncedNames.set(root, 'folder');
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      this.#syncedNames.set(path, entry.isDirectory() ? 'folder' : new DiskFile(readFileSync(path)));
    }
    for (const [path, node] of this.#syncedNames) this.#names.set(path, node);
  }

  apply(entry: RecordedEntry): void {
    const { kind, handle, number, data, paths } = entry;
    this.#serial += 1;
    const serial = this.#serial;
    const [path = '', to = ''] = paths;
    switch (kind) {
      case 'open':
        this.#open(handle, path, number === 1);
        break;
      case 'close':
        this.#handles.delete(handle);
        break;
      case 'write':
        this.#file(handle).pending.push({ kind, serial, at: number, data });
        break;
      case 'truncate':
        this.#file(handle).pending.push({ kind, serial, length: number });
        break;
      case 'sync':
        this.#sync(handle);
        break;
      case 'unlink':
      case 'remove-folder':
        this.#rename([[path, undefined]]);
        break;
      case 'make-folder':
        this.#rename([[path, 'folder']]);
        break;
      case 'rename':
      case 'link': {
        const node = this.#names.get(path);
        this.#rename(
          kind === 'link'
            ? [[to, node]]
            : [
                [path, undefined],
                [to, node],
              ],
        );
        break;
      }
      case 'mark':
      case 'none':
    }
  }

  /** Writes the files as the power cut leaves them, below another folder; the same random numbers, the same files. */
  rebuild(into: string, random: () => number): CutWay {
    const way = choose(random, WAYS);
    const fate = fateOf(way, random, this.#unsynced());
    const names = this.#namesAfter(fate);
    const contents = new Map<DiskFile, Buffer>();
    for (const [path, node] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!this.#isReachable(path, names)) continue;
      const target = join(into, relative(this.#root, path));
      if (node === 'folder') {
        mkdirSync(target, { recursive: true, mode: 0o700 });
        continue;
      }
      const content = contents.get(node) ?? contentAfter(node, fate);
      contents.set(node, content);
      writeFileSync(target, content, { mode: 0o600 });
    }
    return way;
  }

  /** Serial numbers of what is not on the disk yet. */
  #unsynced(): readonly number[] {
    const files = new Set([...this.#names.values()].filter((node) => node instanceof DiskFile));
    const changes = [...this.#pendingNames, ...[...files].flatMap(({ pending }) => pending)];
    return changes.map(({ serial }) => serial);
  }

  #open(handle: number, path: string, emptied: boolean): void {
    const known = this.#names.get(path);
    if (known === 'folder') {
      this.#handles.set(handle, path);
      return;
    }
    const file = known ?? new DiskFile(Buffer.alloc(0));
    if (known === undefined) this.#rename([[path, file]]);
    else if (emptied) file.pending.push({ kind: 'truncate', serial: this.#serial, length: 0 });
    this.#handles.set(handle, file);
  }

  #sync(handle: number): void {
    const synced = this.#handles.get(handle);
    if (synced instanceof DiskFile) synced.sync();
    if (typeof synced !== 'string') return;
    const done = this.#pendingNames.filter(({ folder }) => folder === synced);
    for (const change of done) {
      this.#pendingNames.splice(this.#pendingNames.indexOf(change), 1);
      setNames(this.#syncedNames, change);
    }
  }

  #rename(names: NameChange['names']): void {
    const change = { serial: this.#serial, folder: dirname(names[0]?.[0] ?? ''), names };
    setNames(this.#names, change);
    this.#pendingNames.push(change);
  }

  #file(handle: number): DiskFile {
    const file = this.#handles.get(handle);
    if (file instanceof DiskFile) return file;
    throw new Error(`handle ${handle} of the recording is no open file`);
  }

  /** A change of a name whose earlier change is lost is lost as well. */
  #namesAfter(fate: Fate): ReadonlyMap<string, Node> {
    const names = new Map(this.#syncedNames);
    const lost = new Set<string>();
    for (const change of this.#pendingNames) {
      const touched = change.names.map(([path]) => path);
      if (fate(change.serial) !== 'kept' || touched.some((path) => lost.has(path))) {
        for (const path of touched) lost.add(path);
      } else setNames(names, change);
    }
    return names;
  }

  #isReachable(path: string, names: ReadonlyMap<string, Node>): boolean {
    for (let at = path; at !== this.#root; at = dirname(at)) if (!names.has(at)) return false;
    return true;
  }
}

/** What is synced is told by the recording alone, so a folder in memory does, and spares the disk of the machine. */
export function memoryOrDisk(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

function setNames(names: Map<string, Node>, change: NameChange): void {
  for (const [path, node] of change.names) {
    if (node === undefined) names.delete(path);
    else names.set(path, node);
  }
}

/** What becomes of the change with this serial number: kept, dropped, or kept where the sector says so. */
type Fate = (serial: number) => 'kept' | 'dropped' | ((sector: number) => boolean);

function fateOf(way: CutWay, random: () => number, serials: readonly number[]): Fate {
  switch (way) {
    case 'nothing':
      return () => 'dropped';
    case 'everything':
      return () => 'kept';
    case 'in-order': {
      const last = serials[Math.floor(random() * serials.length)] ?? 0;
      return (serial) => (serial < last ? 'kept' : serial > last ? 'dropped' : () => random() < 0.5);
    }
    case 'by-chance':
      return () => choose<ReturnType<Fate>>(random, ['kept', 'dropped', () => random() < 0.5]);
    case 'by-sector':
      return () => () => random() < 0.5;
  }
}

function contentAfter(file: DiskFile, fate: Fate): Buffer {
  const content = file.synced.copy();
  for (const change of file.pending) {
    const what = fate(change.serial);
    if (what === 'kept') content.apply(change);
    else if (typeof what === 'function') tear(content, change, what);
  }
  return content.bytes();
}

/** A write of which some sectors reached the disk; a truncate is done or not. */
function tear(content: Content, change: FileChange, isKept: (sector: number) => boolean): void {
  if (change.kind === 'truncate') {
    if (isKept(0)) content.apply(change);
    return;
  }
  const { at, data, serial } = change;
  for (let from = 0, sector = 0; from < data.length; sector += 1) {
    const next = Math.min(data.length, from + SECTOR_BYTES - ((at + from) % SECTOR_BYTES));
    if (isKept(sector))
      content.apply({ kind: 'write', serial, at: at + from, data: data.subarray(from, next) });
    from = next;
  }
}
