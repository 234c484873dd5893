-- Indexes for statements whose time grew with the inbox. If the table has rows already, `svc migrate` builds
-- each of them concurrently before it applies this file (CONTRIBUTING.md explains how to write such a file).

-- The open entries of a user, in order: a later one is not claimed while an earlier one is held.
CREATE INDEX IF NOT EXISTS inbox_open_by_subject ON inbox (handler, subject, seq) WHERE state = 'pending';
-- The entries that statistics count, without reading the finished ones.
CREATE INDEX IF NOT EXISTS inbox_failing ON inbox (handler) WHERE state = 'pending' AND last_error IS NOT NULL;
-- Dead letters, the newest first.
CREATE INDEX IF NOT EXISTS inbox_dead_by_seq ON inbox (seq, handler) WHERE state = 'dead';
-- The lowest and the highest id of the pending entries of a handler, between which a claim looks: the other
-- partitions are not read. The condition is one that no other statement has, so that the index is used for
-- this alone.
CREATE INDEX IF NOT EXISTS inbox_pending_by_id ON inbox (handler, event_id)
    WHERE CASE state WHEN 'pending' THEN true ELSE false END;
