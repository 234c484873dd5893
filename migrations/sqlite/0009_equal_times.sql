-- Requests for mails by email address alone, whether or not an account has the address: one row per address
-- and kind, which the request writes without looking for an account. A worker looks for the account when the
-- row is due. `due_at` is when a worker may claim it, and null once it is answered; then the address is
-- removed, and the row stays for the pause between two mails.
CREATE TABLE mail_requests (
    digest       BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    kind         TEXT NOT NULL CHECK (kind IN ('reset_password', 'verify_email', 'guessing_warning')),
    email        TEXT,
    email_key    TEXT,
    requested_at TEXT NOT NULL CHECK (length(requested_at) = 27),
    due_at       TEXT CHECK (length(due_at) = 27),
    claim        BLOB CHECK (length(claim) = 16),
    traceparent  TEXT CHECK (length(traceparent) = 55),
    CHECK ((due_at IS NULL) = (email IS NULL)),
    CHECK ((email IS NULL) = (email_key IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_requests_due ON mail_requests (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mail_requests_by_time ON mail_requests (requested_at);

-- How many accounts have password hashes of which cost: `slots` has the last complete count, `accounts` the
-- current one, which continues after the user `position`. One row, or none before the first count. `version`
-- increases with each change, so that of several processes that count, only one makes each step.
CREATE TABLE hash_census (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version  INTEGER NOT NULL,
    position BLOB CHECK (length(position) = 16),
    accounts TEXT NOT NULL,
    slots    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
