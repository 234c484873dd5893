-- Indexes for statements whose time grew with the tables.

-- The open entries of a user, in their order: a later one is not claimed while an earlier one is held.
CREATE INDEX inbox_open_by_subject ON inbox (handler, subject, seq) WHERE state = 'pending';
-- What statistics count, without reading the entries that are done.
CREATE INDEX inbox_failing ON inbox (handler) WHERE state = 'pending' AND last_error IS NOT NULL;
CREATE INDEX inbox_dead_by_seq ON inbox (seq, handler) WHERE state = 'dead';
CREATE INDEX outbox_failing ON outbox (seq) WHERE sent_at IS NULL AND last_error IS NOT NULL;
-- Where the clean-up of events continues.
CREATE INDEX outbox_sent_by_time ON outbox (sent_at, seq) WHERE sent_at IS NOT NULL;
-- The events of one type, the newest first.
CREATE INDEX outbox_by_type ON outbox (type, seq);
CREATE INDEX audit_by_type ON audit (type, occurred_at, event_id);

-- Each has a successor above.
DROP INDEX inbox_dead;
DROP INDEX outbox_sent;

-- Where the next run of a job continues; null: at the beginning.
ALTER TABLE jobs ADD COLUMN position TEXT;
