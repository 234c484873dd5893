-- Indexes for statements whose time grew with the tables. `svc migrate` builds each of them concurrently before it applies this
-- file, where the table has rows already (CONTRIBUTING.md says how to write such a file).

-- The open entries of a user, in their order: a later one is not claimed while an earlier one is held.
CREATE INDEX IF NOT EXISTS inbox_open_by_subject ON inbox (handler, subject, seq) WHERE state = 'pending';
-- What statistics count, without reading the entries that are done.
CREATE INDEX IF NOT EXISTS inbox_failing ON inbox (handler) WHERE state = 'pending' AND last_error IS NOT NULL;
CREATE INDEX IF NOT EXISTS inbox_dead_by_seq ON inbox (seq, handler) WHERE state = 'dead';
CREATE INDEX IF NOT EXISTS outbox_failing ON outbox (seq) WHERE sent_at IS NULL AND last_error IS NOT NULL;
-- Where the clean-up of events continues.
CREATE INDEX IF NOT EXISTS outbox_sent_by_time ON outbox (sent_at, seq) WHERE sent_at IS NOT NULL;
-- The events of one type, the newest first.
CREATE INDEX IF NOT EXISTS outbox_by_type ON outbox (type, seq);
CREATE INDEX IF NOT EXISTS audit_by_type ON audit (type, occurred_at, event_id);

-- Each has a successor above.
DROP INDEX IF EXISTS inbox_dead;
DROP INDEX IF EXISTS outbox_sent;

-- Where the next run of a job continues; null: at the beginning.
ALTER TABLE jobs ADD COLUMN position text;
