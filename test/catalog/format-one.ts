import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { keysOf } from '#catalog/search/keys';
import type { Product } from '#core/domain/product';

/** The tables as files of the first format have them: a frozen copy, for such files lie in shops. */
const firstFormat = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE product (
    id INTEGER PRIMARY KEY, shop_code TEXT NOT NULL COLLATE NOCASE, national_code TEXT COLLATE NOCASE,
    barcode TEXT COLLATE NOCASE, generic_name TEXT NOT NULL, trade_name TEXT, form TEXT NOT NULL,
    specification TEXT NOT NULL, maker TEXT NOT NULL, approval_number TEXT, pack_unit TEXT NOT NULL,
    price INTEGER NOT NULL, insurance_class TEXT NOT NULL, first_self_pay INTEGER NOT NULL, ceiling INTEGER,
    category TEXT NOT NULL, prescription_only INTEGER NOT NULL, stock INTEGER, remark TEXT
  ) STRICT;
  CREATE TABLE name_key (key TEXT NOT NULL, inside INTEGER NOT NULL, term INTEGER NOT NULL,
    PRIMARY KEY (key, inside, term)) STRICT, WITHOUT ROWID;
  CREATE TABLE pinyin_key (key TEXT NOT NULL, inside INTEGER NOT NULL, term INTEGER NOT NULL,
    PRIMARY KEY (key, inside, term)) STRICT, WITHOUT ROWID;
  CREATE TABLE hot (kind TEXT NOT NULL, prefix TEXT NOT NULL, exactness INTEGER NOT NULL, term INTEGER NOT NULL,
    PRIMARY KEY (kind, prefix, exactness, term)) STRICT, WITHOUT ROWID;
  CREATE TABLE posting (term INTEGER NOT NULL, less_stock INTEGER NOT NULL, product INTEGER NOT NULL,
    PRIMARY KEY (term, less_stock, product)) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX product_shop_code ON product (shop_code);
  CREATE INDEX product_national_code ON product (national_code) WHERE national_code IS NOT NULL;
  CREATE INDEX product_barcode ON product (barcode) WHERE barcode IS NOT NULL;
`;

/** Writes a file of the first format with one product in it. */
export function formatOneFile(folder: string, product: Product | undefined): string {
  if (product === undefined) throw new Error('a product is needed');
  const file = join(folder, 'first.db');
  rmSync(file, { force: true });
  const db = new Database(file);
  db.pragma(`application_id = ${0x47544354}`);
  db.pragma('user_version = 1');
  db.exec(firstFormat);
  const meta = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  const facts = { version: 'first', importedAtMs: '0', productCount: '1', source: 'test' };
  for (const [name, value] of Object.entries(facts)) meta.run(name, value);
  db.prepare(`INSERT INTO product VALUES (1${', ?'.repeat(18)})`).run(
    product.shopCode,
    product.nationalCode ?? null,
    product.barcode ?? null,
    product.genericName,
    null,
    product.form,
    product.specification,
    product.maker,
    product.approvalNumber ?? null,
    product.packUnit,
    product.price,
    product.insuranceClass,
    product.firstSelfPayRatio,
    null,
    product.category,
    0,
    product.stock ?? null,
    null,
  );
  for (const kind of ['name', 'pinyin'] as const) {
    const insert = db.prepare(`INSERT INTO ${kind}_key (key, inside, term) VALUES (?, ?, 0)`);
    for (const { key, whole } of keysOf(product.genericName)[kind]) insert.run(key, whole ? 0 : 1);
  }
  db.prepare('INSERT INTO posting VALUES (0, ?, 1)').run(-(product.stock ?? 0n));
  db.close();
  return file;
}
