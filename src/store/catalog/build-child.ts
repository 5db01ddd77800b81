import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#core/assert';
import { fault } from '#core/fault';
import type { CatalogReader, ImportReport } from '#core/ports/catalog-store';
import type { BuildAnswer, BuildOrder } from './build-message.ts';
import { writeCatalog } from './write-catalog.ts';

/**
 * The builder's process: reads the list, writes `<version>.db` in the folder, answers once and ends. It works
 * apart from the till, so a list of any size neither slows a sale nor takes its memory.
 */
const order: BuildOrder = JSON.parse(process.argv[2] ?? '');
const loaded: { reader: CatalogReader } = await import(order.readerModule);
answer(tryBuild(order, loaded.reader));

function build(
  { source, sourceName, folder, stamp, importedAtMs }: BuildOrder,
  reader: CatalogReader,
): BuildAnswer {
  const bytes = readSource(source);
  if (bytes === undefined) return { kind: 'refused', report: unreadable() };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const version = freeName(folder, `${stamp}-${sha256.slice(0, 8)}`);
  const temporary = join(folder, `.${version}.${process.pid}.building`);
  const writer = writeCatalog(temporary, join(folder, `${version}.db`), reader.keysOf);
  try {
    const report = reader.read(bytes, writer.add);
    if (report.fault !== undefined) {
      writer.discard();
      return { kind: 'refused', report };
    }
    const built = writer.finish({ version, importedAtMs, source: `${sourceName} sha256:${sha256}` });
    assert(built.productCount === report.products, 'every product that was read is in the file');
    return { kind: 'built', version: built, report };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

function tryBuild(wanted: BuildOrder, reader: CatalogReader): BuildAnswer {
  try {
    return build(wanted, reader);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    // Broken assumptions of the program end this process; what the machine refused is told to the parent.
    if (code === undefined) throw error;
    return { kind: 'failed', detail: code };
  }
}

function readSource(source: string): Uint8Array | undefined {
  try {
    return readFileSync(source);
  } catch {
    return undefined;
  }
}

/** Two imports of one list in the same second get two names; a finished version is never overwritten. */
function freeName(folder: string, wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(join(folder, `${name}.db`)); count += 1) name = `${wanted}.${count}`;
  return name;
}

function answer(message: BuildAnswer): void {
  assert(process.send !== undefined, 'the builder is started by fork');
  process.send(message, () => process.disconnect());
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
