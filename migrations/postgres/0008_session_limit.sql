-- The sessions of a user that may be live, in the order of their ids: for a page of them, for counting them
-- at a log-in and for revoking them. A refresh changes none of its columns.
CREATE INDEX sessions_unrevoked ON sessions (user_id, id) WHERE revoked_at IS NULL;

-- Returns whether a user has fewer than `most` sessions that are live at `at`. For the statement that starts
-- a session: each query of a volatile function sees everything committed before that query, while the
-- statement itself sees only what was committed before it waited for the lock on the user.
CREATE FUNCTION has_room_for_session(owner uuid, at timestamptz, most bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT count(*) FROM (
        SELECT 1 FROM sessions WHERE user_id = owner AND revoked_at IS NULL AND idle_expires_at > at
            AND absolute_expires_at > at LIMIT most
    ) AS live) < most;
END $$;
