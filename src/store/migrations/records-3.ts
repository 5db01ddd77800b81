/**
 * Third shape: the work-list of item mappings, splits beside the agency's, what sells often, and the in-scope cost
 * of a sale as a column, because yearly limits on counted cost add it up. It is 0 for sales made before.
 */
export const recordsThree = `
ALTER TABLE sales ADD COLUMN in_scope INTEGER NOT NULL DEFAULT 0;

CREATE TABLE item_mappings (
  shop_code TEXT PRIMARY KEY COLLATE NOCASE,
  state TEXT NOT NULL CHECK (state IN
    ('proposed', 'confirmed', 'uploaded', 'refused', 'declined', 'revoking', 'revoked')),
  national_code TEXT,
  confidence INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX item_mappings_by_state ON item_mappings (state, confidence);

CREATE TABLE split_comparisons (
  sale_id TEXT NOT NULL,
  against TEXT NOT NULL CHECK (against IN ('trial', 'settlement', 'upload')),
  business_day TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  difference_count INTEGER NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (sale_id, against)
) STRICT, WITHOUT ROWID;
CREATE INDEX split_comparisons_by_day ON split_comparisons (business_day, difference_count);

CREATE TABLE products_sold (
  shop_code TEXT PRIMARY KEY COLLATE NOCASE,
  sold INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
