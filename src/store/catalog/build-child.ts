import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#core/assert';
import { fault } from '#core/fault';
import type { CatalogReader, ImportReport } from '#core/ports/catalog-store';
import { answer, machineFailure, orderOf, parentIsGone } from '../catalog-file/in-builder.ts';
import { freeName, temporaryFile } from '../catalog-file/versions.ts';
import type { BuildAnswer, BuildOrder } from './build-message.ts';
import { writeCatalog } from './write-catalog.ts';

/**
 * The builder's process: reads the list, writes `<version>.db` in the folder, answers once and ends. It works
 * apart from the till, so a list of any size neither slows a sale nor takes its memory.
 */
const order = orderOf<BuildOrder>();
const loaded: { reader: CatalogReader } = await import(order.readerModule);
answer(await machineFailure(() => build(order, loaded.reader)));

async function build(
  { source, sourceName, folder, stamp, importedAtMs }: BuildOrder,
  reader: CatalogReader,
): Promise<BuildAnswer> {
  const bytes = readSource(source);
  if (bytes === undefined) return { kind: 'refused', report: unreadable() };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const version = freeName(folder, `${stamp}-${sha256.slice(0, 8)}`);
  const temporary = temporaryFile(folder, version);
  const writer = writeCatalog(temporary, join(folder, `${version}.db`), reader.keysOf);
  try {
    const report = await reader.read(bytes, writer.add);
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
    fault: fault('catalog-source-unreadable'),
    errors: [],
    errorCount: 0,
    warnings: [],
    warningCount: 0,
  };
}
