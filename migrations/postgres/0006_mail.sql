-- Tokens that were sent by mail and wait to be used: of each only a MAC under the secret key. A user has one for each purpose, so a newer
-- one takes the place of the older. `email` is where it was sent, which using it proves.
CREATE TABLE mail_tokens (
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose    text        NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
    digest     bytea       NOT NULL UNIQUE CHECK (length(digest) = 32),
    email      text        NOT NULL,
    email_key  text        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, purpose)
);

CREATE INDEX mail_tokens_by_end ON mail_tokens (expires_at);

-- When somebody last asked for a mail to an address, whether or not there is an account behind it. Of the address only a
-- MAC, which nobody can turn back.
CREATE TABLE mail_throttle (
    address_digest bytea       NOT NULL PRIMARY KEY CHECK (length(address_digest) = 32),
    asked_at       timestamptz NOT NULL
);

CREATE INDEX mail_throttle_by_time ON mail_throttle (asked_at);
