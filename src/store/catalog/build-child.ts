import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#core/assert';
import { fault } from '#core/fault';
import type { CatalogReader, ImportReport, ReadOptions } from '#core/ports/catalog-store';
import { answer, machineFailure, orderOf, parentIsGone, progressTeller } from '../catalog-file/in-builder.ts';
import { freeName, temporaryFile } from '../catalog-file/versions.ts';
import type { BuildAnswer, BuildOrder, VersionOrder } from './build-message.ts';
import { readKnownColumns } from './known-columns.ts';
import { writeCatalog } from './write-catalog.ts';

/** What the progress is of, as the agency's tables are named by their numbers. */
const OF = 'shop';
const MISSING = fault('catalog-source-unreadable');

/**
 * The builder's process: reads the list, writes `<version>.db` in the folder, answers once and ends. It works
 * apart from the till, so a list of any size neither slows a sale nor takes its memory.
 */
const order = orderOf<BuildOrder>();
const loaded: { reader: CatalogReader } = await import(order.readerModule);
const tell = progressTeller();
answer(await machineFailure(() => carryOut(order, loaded.reader)));

async function carryOut(wanted: BuildOrder, reader: CatalogReader): Promise<BuildAnswer> {
  const bytes = readSource(wanted.source);
  if (wanted.task === 'build') return build(wanted, reader, bytes);
  if (bytes === undefined) return { kind: 'columns', report: { fault: MISSING, columns: [], missing: [] } };
  return { kind: 'columns', report: await reader.proposeColumns(bytes) };
}

async function build(
  wanted: VersionOrder,
  reader: CatalogReader,
  bytes: Uint8Array | undefined,
): Promise<BuildAnswer> {
  const { sourceName, folder, stamp, importedAtMs, previousFile } = wanted;
  if (bytes === undefined) return { kind: 'refused', report: unreadable() };
  tell({ phase: 'reading', of: OF, done: bytes.length, total: bytes.length });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const version = freeName(folder, `${stamp}-${sha256.slice(0, 8)}`);
  const temporary = temporaryFile(folder, version);
  const writer = writeCatalog(temporary, join(folder, `${version}.db`), reader, {
    ...(previousFile === undefined ? {} : { previousFile }),
    progress: (phase, done, total) =>
      tell({ phase, of: OF, done, ...(total === undefined ? {} : { total }) }),
  });
  try {
    const report = await reader.read(bytes, writer.add, readOptions(wanted));
    if (report.fault !== undefined) {
      writer.discard();
      return { kind: 'refused', report };
    }
    if (parentIsGone()) {
      writer.discard();
      return { kind: 'failed', detail: 'the parent is gone' };
    }
    const built = writer.finish({ version, importedAtMs, source: `${sourceName} sha256:${sha256}` });
    assert(built.productCount === report.products, 'every product that was read is in the file');
    return { kind: 'built', version: built, report };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

function readOptions({ columns, knownColumnsFile }: VersionOrder): ReadOptions {
  return {
    ...(columns === undefined ? {} : { columns }),
    ...(knownColumnsFile === undefined ? {} : { known: readKnownColumns(knownColumnsFile) }),
    progress: (done, total) =>
      tell({ phase: 'rows', of: OF, done, ...(total === undefined ? {} : { total }) }),
  };
}

function readSource(source: string): Uint8Array | undefined {
  try {
    return readFileSync(source);
  } catch {
    return undefined;
  }
}

function unreadable(): ImportReport {
  return {
    rowsRead: 0,
    products: 0,
    fault: MISSING,
    errors: [],
    errorCount: 0,
    warnings: [],
    warningCount: 0,
  };
}
