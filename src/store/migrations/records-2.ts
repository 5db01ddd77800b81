/**
 * Second shape: columns with persons' data are sealed, look-ups by person or card go by digest, and a sale
 * whose purchase was put to a card is found by that card. One such purchase per card, whatever code asks.
 * The rows of the first shape are sealed by `sealOldRecords`, because SQL has no key.
 */
export const recordsTwo = `
ALTER TABLE sales ADD COLUMN pending_card TEXT;
CREATE UNIQUE INDEX sales_pending_card ON sales (pending_card) WHERE pending_card IS NOT NULL;

CREATE TABLE certificates (
  digest TEXT PRIMARY KEY,
  claimed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_by_time ON certificates (claimed_at_ms);
`;
