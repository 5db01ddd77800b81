import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fault } from '#core/fault';
import type { AgencyCatalogReader, AgencySource, SourceBytes } from '#core/ports/agency-catalog';
import type { ImportReport } from '#core/ports/catalog-store';
import {
  answer,
  endWithParent,
  machineFailure,
  orderOf,
  parentIsGone,
  progressTeller,
} from '../catalog-file/in-builder.ts';
import { freeName, temporaryFile } from '../catalog-file/versions.ts';
import type { AgencyBuildAnswer, AgencyBuildOrder, SourceReport } from './build-message.ts';
import { type AgencyWriter, writeAgencyCatalog } from './write-agency.ts';

const PIECE_BYTES = 1024 * 1024;

/**
 * The builder's process: reads the sources one after another, writes `<version>.db` in the folder, answers once
 * and ends. It works apart from the till, so tables of any size neither slow a sale nor take its memory.
 */
const order = orderOf<AgencyBuildOrder>();
const tell = progressTeller();
endWithParent();
const loaded: { reader: AgencyCatalogReader } = await import(order.readerModule);
answer(await machineFailure(() => build(order, loaded.reader)));

async function build(wanted: AgencyBuildOrder, reader: AgencyCatalogReader): Promise<AgencyBuildAnswer> {
  const { folder, stamp, base, importedAtMs } = wanted;
  const temporary = temporaryFile(folder, stamp);
  const writer = writeAgencyCatalog({
    temporary,
    keyMaker: reader,
    ...(base === undefined ? {} : { base }),
    onIndexed: (done, total) => tell({ phase: 'index', of: 'names', done, total }),
    onSync: () => tell({ phase: 'sync', of: 'file', done: 0 }),
    isWanted: () => !parentIsGone(),
  });
  try {
    const sum = createHash('sha256');
    const reports: SourceReport[] = [];
    for (const source of wanted.sources) {
      const report = await readInto(writer, reader, source, (sha256) => sum.update(sha256));
      reports.push({ table: source.table, file: basename(source.file), report });
    }
    // Every source is read before one is refused, so that one run names all bad rows.
    const stop = reports.find(({ report }) => report.fault !== undefined)?.report.fault;
    if (stop !== undefined) {
      writer.discard();
      return { kind: 'refused', fault: stop, reports };
    }
    tell({ phase: 'index', of: 'names', done: 0 });
    const version = freeName(folder, `${stamp}-${sum.digest('hex').slice(0, 8)}`);
    const built = writer.finish(join(folder, `${version}.db`), { version, importedAtMs });
    if (built === undefined) {
      writer.discard();
      return { kind: 'failed', detail: 'the parent is gone' };
    }
    return { kind: 'built', version: built, reports, peakBytes: process.resourceUsage().maxRSS * 1024 };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

/** The file is closed when the bytes have been read; its check sum goes into the version's name. */
async function readInto(
  writer: AgencyWriter,
  reader: AgencyCatalogReader,
  source: AgencySource,
  onSum: (sha256: Uint8Array) => void,
): Promise<ImportReport> {
  if (source.scope === 'changes' && !writer.holds(source.table)) {
    return refused('catalog-changes-without-base', `${source.table} ${basename(source.file)}`);
  }
  let handle: number;
  try {
    handle = openSync(source.file, 'r');
  } catch {
    return refused('catalog-source-unreadable', basename(source.file));
  }
  try {
    if (!fstatSync(handle).isFile()) return refused('catalog-source-unreadable', basename(source.file));
    const sizeBytes = fstatSync(handle).size;
    onSum(sumOf(handle, sizeBytes));
    writer.begin(source);
    return await reader.read(source, bytesOf(handle, sizeBytes, source.table), writer.add.bind(writer));
  } finally {
    closeSync(handle);
  }
}

/** Bytes on demand; how far they have been asked for is how far the reading has come. */
function bytesOf(handle: number, sizeBytes: number, table: AgencySource['table']): SourceBytes {
  return {
    sizeBytes,
    read(from, to) {
      tell({ phase: 'rows', of: table, done: from, total: sizeBytes });
      return readAt(handle, from, to);
    },
  };
}

function sumOf(handle: number, sizeBytes: number): Uint8Array {
  const sum = createHash('sha256');
  for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
    sum.update(readAt(handle, at, Math.min(at + PIECE_BYTES, sizeBytes)));
  }
  return sum.digest();
}

function readAt(handle: number, from: number, to: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(to - from);
  const read = readSync(handle, bytes, 0, bytes.length, from);
  return bytes.subarray(0, read);
}

function refused(
  code: 'catalog-source-unreadable' | 'catalog-changes-without-base',
  detail: string,
): ImportReport {
  return {
    rowsRead: 0,
    products: 0,
    fault: fault(code, detail),
    errors: [],
    errorCount: 0,
    warnings: [],
    warningCount: 0,
  };
}
