import { indexTables } from './index-schema.ts';

/** Marks a SQLite file as a Guitai catalogue (`GTCT`). */
export const APPLICATION_ID = 0x47544354;
/** Format of the file; a file of a greater one was written by a newer program. */
export const FORMAT = 1;

/**
 * One version of the catalogue. Products keep the order of the shop's list.
 * Tables of the search index: `index-schema.ts`.
 */
export const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    shop_code TEXT NOT NULL COLLATE NOCASE,
    national_code TEXT COLLATE NOCASE,
    barcode TEXT COLLATE NOCASE,
    generic_name TEXT NOT NULL,
    trade_name TEXT,
    form TEXT NOT NULL,
    specification TEXT NOT NULL,
    maker TEXT NOT NULL,
    approval_number TEXT,
    pack_unit TEXT NOT NULL,
    price INTEGER NOT NULL,
    insurance_class TEXT NOT NULL CHECK (insurance_class IN ('A', 'B', 'C')),
    first_self_pay INTEGER NOT NULL,
    ceiling INTEGER,
    category TEXT NOT NULL CHECK (category IN ('drug', 'herbal', 'material', 'service')),
    prescription_only INTEGER NOT NULL,
    stock INTEGER,
    remark TEXT
  ) STRICT;
${indexTables}`;

/** Made after the rows, which is quicker than keeping them up to date. */
export const indexes = `
  CREATE UNIQUE INDEX product_shop_code ON product (shop_code);
  CREATE INDEX product_national_code ON product (national_code) WHERE national_code IS NOT NULL;
  CREATE INDEX product_barcode ON product (barcode) WHERE barcode IS NOT NULL;
`;

/** Columns of `product` in the order in which a row is written. */
export const productColumns = [
  'id',
  'shop_code',
  'national_code',
  'barcode',
  'generic_name',
  'trade_name',
  'form',
  'specification',
  'maker',
  'approval_number',
  'pack_unit',
  'price',
  'insurance_class',
  'first_self_pay',
  'ceiling',
  'category',
  'prescription_only',
  'stock',
  'remark',
] as const;
