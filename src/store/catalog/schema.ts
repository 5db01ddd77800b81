import { indexTables } from './index-schema.ts';
import { laterCodeIndexes } from './product-lookups.ts';

/** Marks a SQLite file as a Guitai catalogue (`GTCT`). */
export const APPLICATION_ID = 0x47544354;
/** Format of the file; a file of a greater one was written by a newer program. */
export const FORMAT = 2;
/** Oldest format that is still opened: old versions of a list coexist with new ones. */
export const OLDEST_FORMAT = 1;

/**
 * One version of the catalogue. Products keep the order of the shop's list. `price_change` is the price log
 * (调价记录) up to this version: no old price = the product came new, no new price = it left the list.
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
    remark TEXT,
    standard_code TEXT,
    aliases TEXT,
    pinyin TEXT,
    wubi TEXT,
    trace_prefix TEXT,
    units_per_pack INTEGER CHECK (units_per_pack > 0),
    smallest_unit TEXT,
    smallest_unit_price INTEGER,
    procured_price INTEGER,
    procured_from TEXT,
    procured_to TEXT,
    CHECK ((units_per_pack IS NULL) = (smallest_unit IS NULL)),
    CHECK ((procured_price IS NULL) = (procured_from IS NULL))
  ) STRICT;
  CREATE TABLE price_change (
    id INTEGER PRIMARY KEY,
    shop_code TEXT NOT NULL COLLATE NOCASE,
    generic_name TEXT NOT NULL,
    specification TEXT NOT NULL,
    maker TEXT NOT NULL,
    pack_unit TEXT NOT NULL,
    old_price INTEGER,
    new_price INTEGER,
    changed_at_ms INTEGER NOT NULL,
    version TEXT NOT NULL,
    CHECK (old_price IS NOT new_price)
  ) STRICT;
${indexTables}`;

/** Made after the rows, which is quicker than keeping them up to date. */
export const indexes = `
  CREATE UNIQUE INDEX product_shop_code ON product (shop_code);
  CREATE INDEX product_national_code ON product (national_code) WHERE national_code IS NOT NULL;
  CREATE INDEX product_barcode ON product (barcode) WHERE barcode IS NOT NULL;
  CREATE INDEX price_change_product ON price_change (shop_code, changed_at_ms);
  ${laterCodeIndexes}`;

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
  'standard_code',
  'aliases',
  'pinyin',
  'wubi',
  'trace_prefix',
  'units_per_pack',
  'smallest_unit',
  'smallest_unit_price',
  'procured_price',
  'procured_from',
  'procured_to',
] as const;
