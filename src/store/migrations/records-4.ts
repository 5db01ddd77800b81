/**
 * Fourth shape: what a step writes and nobody may read stands sealed in its journal event (`content`: nonce 16,
 * cipher text, tag 32), one seal for all of it, and the event's hash covers the tag. The other tables name the
 * event: `content_event` of a sale is the last event that changed it, each event names the one before, and the first
 * one the basket. Sealed columns of older rows stay as they are; in new rows they are empty.
 */
export const recordsFour = `
ALTER TABLE journal ADD COLUMN content BLOB;

CREATE TABLE baskets (
  place INTEGER PRIMARY KEY REFERENCES sales (place),
  content BLOB NOT NULL
) STRICT;
ALTER TABLE sales ADD COLUMN content_event INTEGER;
ALTER TABLE messages ADD COLUMN body_event INTEGER;
ALTER TABLE messages ADD COLUMN answer_event INTEGER;
ALTER TABLE settled ADD COLUMN content_event INTEGER;
ALTER TABLE cancelled ADD COLUMN content_event INTEGER;
ALTER TABLE persons ADD COLUMN as_of_event INTEGER NOT NULL DEFAULT 0;
`;
