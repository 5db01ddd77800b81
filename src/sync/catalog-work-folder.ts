import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type AgencyTable, agencyTables } from '#core/domain/agency-catalog';
import type { AgencySource } from '#core/ports/agency-catalog';
import { syncFile } from '#store/lasting-files';

/** Older work is not gone on with: the agency may have dropped rows that it still told then. */
const KEPT_MS = 3 * 86_400_000;
const STATE = 'fetched.json';
/** The end record of a zip lies in its last bytes, behind a comment of at most 64 kB. */
const ZIP_END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const ZIP_TAIL_BYTES = 65_557;

const ids = agencyTables.map(({ id }) => id) as [AgencyTable, ...AgencyTable[]];
const fetchedTable = z.object({
  table: z.enum(ids),
  /** Absent = the agency had nothing newer. */
  file: z
    .object({
      name: z.string().regex(/^\d{4}\.(?:zip|jsonl)$/),
      size: z.number().int(),
      scope: z.enum(['full', 'changes']),
      rows: z.number().int(),
      /** Of a paged table: what was asked and what came, to know the same answer again. */
      digest: z.string().optional(),
    })
    .optional(),
});
const stateSchema = z.object({
  base: z.string(),
  startedAtMs: z.number(),
  fetched: z.array(fetchedTable),
});

export type FetchedTable = z.infer<typeof fetchedTable>;
export type FetchedFile = NonNullable<FetchedTable['file']>;

/**
 * What a download has fetched so far, on disk, so that a restart goes on with the next table. Methods throw the
 * system's error when the disk does not take it.
 */
export class CatalogWorkFolder {
  readonly #folder: string;
  #base = '';
  #startedAtMs = 0;
  #fetched: FetchedTable[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Takes up the work of an earlier run on the same version, or begins anew. */
  open(base: string, nowMs: number): void {
    const state = this.#read();
    const isFresh = state !== undefined && Math.abs(nowMs - state.startedAtMs) < KEPT_MS;
    if (isFresh && state.base === base) {
      this.#base = base;
      this.#startedAtMs = state.startedAtMs;
      this.#fetched = state.fetched.filter((each) => this.#isWhole(each));
      return;
    }
    this.clear();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#base = base;
    this.#startedAtMs = nowMs;
  }

  fetched(table: AgencyTable): FetchedTable | undefined {
    return this.#fetched.find((each) => each.table === table);
  }

  all(): readonly FetchedTable[] {
    return this.#fetched;
  }

  /** Path of a file that is still being written. */
  partFile(table: AgencyTable): string {
    return join(this.#folder, `${table}.part`);
  }

  /** A finished part becomes the table's file; on disk before it is said to be there. */
  keep(
    table: AgencyTable,
    file: Omit<FetchedFile, 'size' | 'name'> & { readonly by: 'zip' | 'jsonl' },
  ): void {
    const { by, ...facts } = file;
    const name = `${table}.${by}`;
    const part = this.partFile(table);
    syncFile(part);
    renameSync(part, join(this.#folder, name));
    this.#put({ table, file: { ...facts, name, size: statSync(join(this.#folder, name)).size } });
  }

  nothingNew(table: AgencyTable): void {
    this.#put({ table });
  }

  sources(): readonly AgencySource[] {
    return this.#fetched.flatMap(({ table, file }) =>
      file === undefined ? [] : [{ table, file: join(this.#folder, file.name), scope: file.scope }],
    );
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    this.#fetched = [];
  }

  #put(row: FetchedTable): void {
    this.#fetched = [...this.#fetched.filter((each) => each.table !== row.table), row];
    const state = { base: this.#base, startedAtMs: this.#startedAtMs, fetched: this.#fetched };
    const path = join(this.#folder, STATE);
    writeFileSync(`${path}.part`, JSON.stringify(state), { mode: 0o600 });
    syncFile(`${path}.part`);
    renameSync(`${path}.part`, path);
  }

  #read(): z.infer<typeof stateSchema> | undefined {
    try {
      const parsed = stateSchema.safeParse(JSON.parse(readFileSync(join(this.#folder, STATE), 'utf8')));
      return parsed.success ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  }

  #isWhole({ file }: FetchedTable): boolean {
    if (file === undefined) return true;
    const path = join(this.#folder, file.name);
    return existsSync(path) && statSync(path).size === file.size;
  }
}

/** Whether the file ends as a zip does: a transfer that a proxy cut short does not. */
export function endsAsZip(path: string): boolean {
  const { size } = statSync(path);
  const tail = Buffer.alloc(Math.min(size, ZIP_TAIL_BYTES));
  const file = openSync(path, 'r');
  try {
    readSync(file, tail, 0, tail.length, size - tail.length);
  } finally {
    closeSync(file);
  }
  return tail.lastIndexOf(ZIP_END) >= 0;
}
