-- Requests for mails by email address alone, whether or not an account has the address: one row per address
-- and kind, which the request writes without looking for an account. A worker looks for the account when the
-- row is due. `due_at` is when a worker may claim it, and null once it is answered; then the address is
-- removed, and the row stays for the pause between two mails.
CREATE TABLE mail_requests (
    digest       bytea       NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    kind         text        NOT NULL CHECK (kind IN ('reset_password', 'verify_email', 'guessing_warning')),
    email        text,
    email_key    text,
    requested_at timestamptz NOT NULL,
    due_at       timestamptz,
    claim        uuid,
    traceparent  text        CHECK (length(traceparent) = 55),
    CHECK ((due_at IS NULL) = (email IS NULL)),
    CHECK ((email IS NULL) = (email_key IS NULL))
);

CREATE INDEX mail_requests_due ON mail_requests (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mail_requests_by_time ON mail_requests (requested_at);

-- How many accounts have password hashes of which cost: `slots` has the last complete count, `accounts` the
-- current one, which continues after the user `position`. One row, or none before the first count. `version`
-- increases with each change, so that of several processes that count, only one makes each step.
CREATE TABLE hash_census (
    id       bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    version  bigint NOT NULL,
    position uuid,
    accounts text NOT NULL,
    slots    text NOT NULL
);
