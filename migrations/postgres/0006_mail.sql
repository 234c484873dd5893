-- Tokens that were sent by mail and have not been used yet, each stored only as a MAC under the secret key. A
-- user has one per purpose, so a newer one replaces the older. `email` is the recipient's address, which
-- using the token proves.
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

-- When a mail to an address was last requested, whether or not the address has an account. The address is
-- stored only as a MAC, which cannot be reversed.
CREATE TABLE mail_throttle (
    address_digest bytea       NOT NULL PRIMARY KEY CHECK (length(address_digest) = 32),
    asked_at       timestamptz NOT NULL
);

CREATE INDEX mail_throttle_by_time ON mail_throttle (asked_at);
