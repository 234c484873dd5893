-- Indexes for statements whose time grew with the outbox.

CREATE INDEX outbox_failing ON outbox (seq) WHERE relayed_at IS NULL AND last_error IS NOT NULL;
-- Where the clean-up of events continues.
CREATE INDEX outbox_relayed_by_time ON outbox (relayed_at, seq) WHERE relayed_at IS NOT NULL;
-- The events of one type, the newest first.
CREATE INDEX outbox_by_type ON outbox (type, seq);
