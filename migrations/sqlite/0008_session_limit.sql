-- The sessions of a user that may be live, in the order of their ids: for a page of them, for counting them
-- at a log-in and for revoking them. A refresh changes none of its columns.
CREATE INDEX sessions_unrevoked ON sessions (user_id, id) WHERE revoked_at IS NULL;
