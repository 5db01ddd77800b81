/**
 * Fourth shape: what a step writes and nobody may read stands sealed in its journal event, one seal for all of it:
 * `content` is nonce 16 and cipher text, `content_seal` the tag 32. The event's hash covers the tag, which stands
 * apart so that a damaged content costs its records and not the chain. The other tables name the event: `content_event` of a sale is the last event that changed it, each event names the one before, and the first
 * one the basket. Sealed columns of older rows stay as they are; in new rows they are empty.
 */
export const recordsFour = `
ALTER TABLE journal ADD COLUMN content_seal BLOB;
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
