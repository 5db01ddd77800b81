import { join } from 'node:path';
import Database from 'better-sqlite3';
import { answer, endWithParent, orderOf, progressTeller } from '../catalog-file/in-builder.ts';
import { type CopyAnswer, copyRecords } from './copy-records.ts';

/** What the parent wants copied. */
export interface CopyOrder {
  /** Path of the records. */
  readonly source: string;
  /** Backup folder: the copy is `.<stamp>.<pid>.building` in it until the parent gives it its name. */
  readonly folder: string;
  readonly stamp: string;
}

/** Apart from the till: a copy of any size, and its check, take none of the till's time. */
const { source, folder, stamp } = orderOf<CopyOrder>();
endWithParent();
const tell = progressTeller();
const target = join(folder, `.${stamp}.${process.pid}.building`);
answer(await copied());

async function copied(): Promise<CopyAnswer> {
  try {
    return await copyRecords(source, target, (phase, done, total) =>
      tell({ phase, of: 'till.db', done, total }),
    );
  } catch (error) {
    if (error instanceof Database.SqliteError) {
      const damaged = error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB';
      return { kind: damaged ? 'damaged' : 'failed', detail: error.code };
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return { kind: 'failed', detail: code };
  }
}
