import { rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Product } from '#core/domain/product';
import type { CatalogVersion, SearchKeyMaker } from '#core/ports/catalog-store';
import { openForBuilding } from '../catalog-file/write-file.ts';
import { giveName } from '../lasting-files.ts';
import { PRICES_SINCE } from './price-log.ts';
import { APPLICATION_ID, FORMAT, indexes, productColumns, schema } from './schema.ts';
import { createIndexWriter, type IndexedDocument } from './write-index.ts';
import { writePriceLog } from './write-price-log.ts';

/** Rows of one catalogue file under construction; nothing has the final name until `finish`. */
export interface CatalogWriter {
  add(product: Product): void;
  /** Builds the index, checks and fsyncs the file and gives it its name. */
  finish(facts: Omit<CatalogVersion, 'productCount'>): CatalogVersion;
  /** Removes what was written. */
  discard(): void;
}

export interface WriteOptions {
  /** File of the version in use before: its prices are compared and its price log goes on. */
  readonly previousFile?: string;
  readonly progress?: (phase: 'index' | 'sync', done: number, total?: number) => void;
}

/**
 * Writes a catalogue to `temporary` and renames it to `file`. Journal and sync are off while building: a
 * half-written file is thrown away, and the whole is fsynced before it gets its name.
 */
export function writeCatalog(
  temporary: string,
  file: string,
  keyMaker: SearchKeyMaker,
  { previousFile, progress }: WriteOptions = {},
): CatalogWriter {
  rmSync(temporary, { force: true });
  const db = openForBuilding(temporary, { applicationId: APPLICATION_ID, format: FORMAT });
  db.exec(schema);
  const insert = db.prepare(
    `INSERT INTO product (${productColumns.join(', ')}) VALUES (${productColumns.map(() => '?').join(', ')})`,
  );
  const index = createIndexWriter(db, keyMaker, {
    progress: (done, total) => progress?.('index', done, total),
  });
  let count = 0;

  db.exec('BEGIN');
  return {
    add(product) {
      count += 1;
      insert.run(count, ...rowOf(product));
      index.add(documentOf(product, count));
    },
    finish(facts) {
      index.finish();
      db.exec(indexes);
      const version: CatalogVersion = { ...facts, productCount: count };
      writeMeta(db, version, writePriceLog(db, previousFile, version));
      progress?.('sync', 0);
      db.exec('COMMIT');
      db.close();
      giveName(temporary, file);
      return version;
    },
    discard() {
      db.close();
      rmSync(temporary, { force: true });
    },
  };
}

/** Further names are written apart by commas, semicolons, bars or spaces around them. */
const BETWEEN_NAMES = /\s*[,;|、，；/]\s*|\s{2,}/u;

function documentOf(product: Product, id: number): IndexedDocument {
  const { genericName, tradeName = '', aliases = '', pinyin = '', wubi = '', maker } = product;
  return {
    id,
    names: [genericName, tradeName, ...aliases.split(BETWEEN_NAMES)],
    typed: [pinyin, wubi],
    facts: [maker, product.specification, product.form],
    rank: product.stock ?? 0n,
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

function writeMeta(db: Database.Database, version: CatalogVersion, pricesSinceMs: number): void {
  const insert = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  insert.run('version', version.version);
  insert.run('importedAtMs', String(version.importedAtMs));
  insert.run('productCount', String(version.productCount));
  insert.run('source', version.source);
  insert.run(PRICES_SINCE, String(pricesSinceMs));
}
