-- Requests to register by email address alone, with registration.reveal_existing = false: one row per
-- address, which the request writes without looking for an account. A worker looks for the account when the
-- row is due. `due_at` is when a worker may claim it, and null once it is answered; then everything about the
-- person is removed, and the row stays for the pause between two notices to the owner of a taken address. Of
-- the password there is only the hash.
CREATE TABLE registration_requests (
    digest        bytea       NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    email         text,
    email_key     text,
    password_hash text,
    name          text,
    locale        text,
    metadata      text,
    may_mail      boolean     NOT NULL,
    requested_at  timestamptz NOT NULL,
    due_at        timestamptz,
    claim         uuid,
    noticed_at    timestamptz,
    request_id    text,
    traceparent   text        CHECK (length(traceparent) = 55),
    tracestate    text,
    CHECK ((due_at IS NULL) = (email IS NULL)),
    CHECK ((email IS NULL) = (email_key IS NULL)),
    CHECK ((email IS NULL) = (password_hash IS NULL)),
    CHECK ((email IS NULL) = (metadata IS NULL))
);

CREATE INDEX IF NOT EXISTS registration_requests_due ON registration_requests (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS registration_requests_by_time ON registration_requests (requested_at);
