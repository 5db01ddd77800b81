import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Product } from '#core/domain/product';
import type { CatalogReader, CatalogVersion } from '#core/ports/catalog-store';
import { APPLICATION_ID, FORMAT, indexes, productColumns, schema } from './schema.ts';
import { type Term, writeIndex } from './write-index.ts';

/** Rows of one catalogue file under construction; nothing has the final name until `finish`. */
export interface CatalogWriter {
  add(product: Product): void;
  /** Builds the index, checks and fsyncs the file and gives it its name. */
  finish(facts: Omit<CatalogVersion, 'productCount'>): CatalogVersion;
  /** Removes what was written. */
  discard(): void;
}

/**
 * Writes a catalogue to `temporary` and renames it to `file`. Journal and sync are off while building: a
 * half-written file is thrown away, and the whole is fsynced before it gets its name.
 */
export function writeCatalog(
  temporary: string,
  file: string,
  keysOf: CatalogReader['keysOf'],
): CatalogWriter {
  rmSync(temporary, { force: true });
  const db = new Database(temporary);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('temp_store = MEMORY');
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${FORMAT}`);
  db.exec(schema);
  db.exec(
    'CREATE TEMP TABLE named (term INTEGER NOT NULL, less_stock INTEGER NOT NULL, product INTEGER NOT NULL)',
  );
  const insert = db.prepare(
    `INSERT INTO product (${productColumns.join(', ')}) VALUES (${productColumns.map(() => '?').join(', ')})`,
  );
  const name = db.prepare('INSERT INTO named (term, less_stock, product) VALUES (?, ?, ?)');
  const terms = new Map<string, Term>();
  let count = 0;

  function addTerm(text: string, stock: bigint): void {
    const known = terms.get(text);
    const term = known ?? { number: terms.size, name: text, bestStock: stock };
    if (known === undefined) terms.set(text, term);
    else if (stock > known.bestStock) known.bestStock = stock;
    name.run(term.number, -stock, count);
  }

  db.exec('BEGIN');
  return {
    add(product) {
      count += 1;
      insert.run(count, ...rowOf(product));
      const stock = product.stock ?? 0n;
      addTerm(product.genericName, stock);
      if (product.tradeName !== undefined && product.tradeName !== product.genericName) {
        addTerm(product.tradeName, stock);
      }
    },
    finish(facts) {
      writeIndex(db, [...terms.values()], keysOf);
      db.exec(indexes);
      const version: CatalogVersion = { ...facts, productCount: count };
      writeMeta(db, version);
      db.exec('COMMIT');
      db.close();
      syncFile(temporary);
      renameSync(temporary, file);
      syncFolder(dirname(file));
      return version;
    },
    discard() {
      db.close();
      rmSync(temporary, { force: true });
    },
  };
}

function rowOf(product: Product): (string | bigint | number | null)[] {
  return [
    product.shopCode,
    product.nationalCode ?? null,
    product.barcode ?? null,
    product.genericName,
    product.tradeName ?? null,
    product.form,
    product.specification,
    product.maker,
    product.approvalNumber ?? null,
    product.packUnit,
    product.price,
    product.insuranceClass,
    product.firstSelfPayRatio,
    product.ceiling ?? null,
    product.category,
    product.prescriptionOnly ? 1 : 0,
    product.stock ?? null,
    product.remark ?? null,
    product.standardCode ?? null,
    product.aliases ?? null,
    product.pinyin ?? null,
    product.wubi ?? null,
    product.tracePrefix ?? null,
    product.unitsPerPack ?? null,
    product.smallestUnit ?? null,
    product.smallestUnitPrice ?? null,
    product.procured?.price ?? null,
    product.procured?.from ?? null,
    product.procured?.to ?? null,
  ];
}

function writeMeta(db: Database.Database, version: CatalogVersion): void {
  const insert = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  insert.run('version', version.version);
  insert.run('importedAtMs', String(version.importedAtMs));
  insert.run('productCount', String(version.productCount));
  insert.run('source', version.source);
}

function syncFile(file: string): void {
  // Windows flushes only what was opened for writing.
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

function syncFolder(folder: string): void {
  // A folder cannot be opened on Windows, where renaming is durable by itself.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
