/**
 * Fifth shape: when an upload last changed, so that a work-list can say until when something must be done, and who
 * took note of what the agency adjusted. Uploads from before count as changed when they were queued.
 */
export const recordsFive = `
ALTER TABLE uploads ADD COLUMN changed_at_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uploads ADD COLUMN noted_by TEXT;
UPDATE uploads SET changed_at_ms = queued_at_ms;
CREATE INDEX uploads_by_change ON uploads (changed_at_ms);
CREATE INDEX uploads_to_note ON uploads (place) WHERE state = 'adjusted' AND noted_by IS NULL;
`;
