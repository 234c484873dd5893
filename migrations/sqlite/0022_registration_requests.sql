-- Requests to register by email address alone, with registration.reveal_existing = false: one row per
-- address, which the request writes without looking for an account. A worker looks for the account when the
-- row is due. `due_at` is when a worker may claim it, and null once it is answered; then everything about the
-- person is removed, and the row stays for the pause between two notices to the owner of a taken address. Of
-- the password there is only the hash.
CREATE TABLE registration_requests (
    digest        BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    email         TEXT,
    email_key     TEXT,
    password_hash TEXT,
    name          TEXT,
    locale        TEXT,
    metadata      TEXT,
    may_mail      INTEGER NOT NULL CHECK (may_mail IN (0, 1)),
    requested_at  TEXT    NOT NULL CHECK (length(requested_at) = 27),
    due_at        TEXT    CHECK (length(due_at) = 27),
    claim         BLOB    CHECK (length(claim) = 16),
    noticed_at    TEXT    CHECK (length(noticed_at) = 27),
    request_id    TEXT,
    traceparent   TEXT    CHECK (length(traceparent) = 55),
    tracestate    TEXT,
    CHECK ((due_at IS NULL) = (email IS NULL)),
    CHECK ((email IS NULL) = (email_key IS NULL)),
    CHECK ((email IS NULL) = (password_hash IS NULL)),
    CHECK ((email IS NULL) = (metadata IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS registration_requests_due ON registration_requests (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS registration_requests_by_time ON registration_requests (requested_at);
