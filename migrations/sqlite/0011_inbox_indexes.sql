-- Indexes for statements whose time grew with the inbox.

-- The open entries of a user, in order: a later one is not claimed while an earlier one is held.
CREATE INDEX inbox_open_by_subject ON inbox (handler, subject, seq) WHERE state = 'pending';
-- The entries that statistics count, without reading the finished ones.
CREATE INDEX inbox_failing ON inbox (handler) WHERE state = 'pending' AND last_error IS NOT NULL;
-- Dead letters, the newest first.
CREATE INDEX inbox_dead_by_seq ON inbox (seq, handler) WHERE state = 'dead';
