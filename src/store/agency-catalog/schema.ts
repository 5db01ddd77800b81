import { glyphTable, indexTablesOf } from '../catalog/index-schema.ts';
import type { FileKind } from '../catalog-file/write-file.ts';

/** Marks a SQLite file as one version of the agency's tables (`GTAC`). */
export const AGENCY_FILE: FileKind = { applicationId: 0x47544143, format: 1 };

/** Begin the names of the tables of the two search indexes. */
export const ITEM_SPACE = 'item_';
export const DISEASE_SPACE = 'disease_';

/** First and last day of a row that says none: before and after every `yyyy-MM-dd`. */
export const ALWAYS = '';
export const FOREVER = '9999-12-31~';

const row = `
    table_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    version TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL`;

/**
 * One version of the agency's tables; withdrawn rows are not in it. Goods and services share `item`, both tables
 * of diseases `disease`; `insured` … `self_pay` are 1312, 1316, 1317, 1318 and 1319.
 */
export const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE item (
    id INTEGER PRIMARY KEY,${row},
    national_code TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL,
    trade_name TEXT,
    registered_name TEXT,
    aliases TEXT,
    standard_code TEXT,
    form TEXT,
    list_form TEXT,
    specification TEXT,
    packing TEXT,
    units_per_pack TEXT,
    pack_unit TEXT,
    smallest_unit TEXT,
    maker TEXT,
    approval_number TEXT,
    prescription_only INTEGER,
    insurance_class TEXT,
    restriction TEXT,
    remark TEXT,
    pinyin TEXT,
    wubi TEXT
  ) STRICT;
  CREATE TABLE disease (
    id INTEGER PRIMARY KEY,${row},
    code TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL,
    region TEXT
  ) STRICT;
  CREATE TABLE insured (
    id INTEGER PRIMARY KEY,${row},
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    insurance_class TEXT NOT NULL,
    limited INTEGER NOT NULL,
    remark TEXT
  ) STRICT;
  CREATE TABLE insurance_mapping (
    id INTEGER PRIMARY KEY,${row},
    national_code TEXT NOT NULL,
    code TEXT NOT NULL,
    region TEXT NOT NULL
  ) STRICT;
  CREATE TABLE institution_mapping (
    id INTEGER PRIMARY KEY,${row},
    shop_code TEXT NOT NULL COLLATE NOCASE,
    national_code TEXT NOT NULL,
    list_type TEXT NOT NULL
  ) STRICT;
  CREATE TABLE ceiling (
    id INTEGER PRIMARY KEY,${row},
    code TEXT NOT NULL,
    region TEXT NOT NULL,
    limit_type TEXT NOT NULL,
    ceiling INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE self_pay (
    id INTEGER PRIMARY KEY,${row},
    code TEXT NOT NULL,
    region TEXT NOT NULL,
    person_type TEXT NOT NULL,
    ratio_type TEXT NOT NULL,
    ratio INTEGER NOT NULL
  ) STRICT;
  ${indexTablesOf(ITEM_SPACE)}${indexTablesOf(DISEASE_SPACE)}${glyphTable}
`;

/** Approval numbers are typed and found without the words that begin them all. */
export const approval = "replace(approval_number, '国药准字', '') COLLATE NOCASE";

/** Indexes of each table, made after many rows, which is quicker than keeping them up to date. */
export const indexes: Readonly<Record<string, readonly string[]>> = {
  item: [
    'INDEX item_national_code ON item (national_code)',
    'INDEX item_standard_code ON item (standard_code) WHERE standard_code IS NOT NULL',
    `INDEX item_approval_number ON item (${approval}) WHERE approval_number IS NOT NULL`,
    'INDEX item_name ON item (name)',
  ],
  disease: ['INDEX disease_code ON disease (code)'],
  insured: ['INDEX insured_code ON insured (code)', 'INDEX insured_region ON insured (region)'],
  insurance_mapping: ['INDEX insurance_mapping_code ON insurance_mapping (national_code)'],
  institution_mapping: ['INDEX institution_mapping_code ON institution_mapping (shop_code)'],
  ceiling: ['INDEX ceiling_code ON ceiling (code)'],
  self_pay: ['INDEX self_pay_code ON self_pay (code)'],
};
