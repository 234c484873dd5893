-- Indexes for statements whose time grew with the outbox.

CREATE INDEX IF NOT EXISTS outbox_failing ON outbox (seq) WHERE relayed_at IS NULL AND last_error IS NOT NULL;
-- Where the clean-up of events continues.
CREATE INDEX IF NOT EXISTS outbox_relayed_by_time ON outbox (relayed_at, seq) WHERE relayed_at IS NOT NULL;
-- The events of one type, the newest first.
CREATE INDEX IF NOT EXISTS outbox_by_type ON outbox (type, seq);
-- The lowest and the highest id of the events that are not relayed; see inbox_pending_by_id.
CREATE INDEX IF NOT EXISTS outbox_unrelayed_by_id ON outbox (id)
    WHERE CASE WHEN relayed_at IS NULL THEN true ELSE false END;
