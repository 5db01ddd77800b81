import { chmodSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { assert } from '#core/assert';
import { syncFile } from '../lasting-files.ts';
import { applicationId } from '../migrations/list.ts';
import { JournalTable } from '../tables/journal.ts';
import { fileHash } from './files.ts';

/** Pages copied at a time: the disk serves the till in between. */
const PAGES_AT_ONCE = 256;

export interface Head {
  readonly sequence: number;
  readonly hash: string;
}

/** Facts of a copy that was found good. */
export interface CopyFacts {
  readonly schema: number;
  readonly head: Head;
  readonly bytes: number;
  readonly sm3: string;
}

export type CopyAnswer =
  | ({ readonly kind: 'copied'; readonly file: string } & CopyFacts)
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string };

/**
 * Copies the records while a till writes to them, page by page as of one moment: the read transaction keeps its
 * snapshot and holds up no writer. Then the copy is checked: every page, every link of the chain, and the head.
 */
export async function copyRecords(
  source: string,
  target: string,
  onProgress: (phase: 'rows' | 'index' | 'sync', done: number, total: number) => void,
): Promise<CopyAnswer> {
  rmSync(target, { force: true });
  const live = new Database(source, { readonly: true, fileMustExist: true, timeout: 5_000 });
  let head: Head;
  try {
    live.defaultSafeIntegers(true);
    live.exec('BEGIN');
    head = new JournalTable(live).head();
    await live.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress('rows', totalPages - remainingPages, totalPages);
        return PAGES_AT_ONCE;
      },
    });
    live.exec('COMMIT');
  } finally {
    live.close();
  }
  chmodSync(target, 0o600);
  onProgress('index', 0, 1);
  const checked = checkCopy(target, head);
  if (checked.kind === 'damaged') {
    rmSync(target, { force: true });
    return checked;
  }
  syncFile(target);
  onProgress('sync', 1, 1);
  const { size } = statSync(target);
  return { kind: 'copied', file: target, schema: checked.schema, head, bytes: size, sm3: fileHash(target) };
}

/** Makes the copy one single file and looks at all of it. */
function checkCopy(
  path: string,
  head: Head,
):
  | { readonly kind: 'whole'; readonly schema: number }
  | { readonly kind: 'damaged'; readonly detail: string } {
  const copy = new Database(path);
  try {
    copy.defaultSafeIntegers(true);
    assert(copy.pragma('journal_mode = DELETE', { simple: true }) === 'delete', 'a copy is one file');
    copy.pragma('synchronous = FULL');
    const id = Number(copy.pragma('application_id', { simple: true }));
    if (id !== applicationId) return { kind: 'damaged', detail: 'not the records of a till' };
    const integrity: unknown = copy.pragma('integrity_check(1)', { simple: true });
    if (integrity !== 'ok') return { kind: 'damaged', detail: String(integrity) };
    const journal = new JournalTable(copy);
    const { brokenAt } = journal.verify(1, 'chain-only');
    if (brokenAt !== undefined) return { kind: 'damaged', detail: `journal entry ${brokenAt} does not fit` };
    const copied = journal.head();
    if (copied.sequence !== head.sequence || copied.hash !== head.hash)
      return { kind: 'damaged', detail: 'the copy ends elsewhere than the records did' };
    return { kind: 'whole', schema: Number(copy.pragma('user_version', { simple: true })) };
  } finally {
    copy.close();
  }
}
