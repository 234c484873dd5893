-- Tokens that were sent by mail and have not been used yet, each stored only as a MAC under the secret key. A
-- user has one per purpose, so a newer one replaces the older. `email` is the recipient's address, which
-- using the token proves.
CREATE TABLE mail_tokens (
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose    TEXT NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
    digest     BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    email      TEXT NOT NULL,
    email_key  TEXT NOT NULL,
    created_at TEXT NOT NULL CHECK (length(created_at) = 27),
    expires_at TEXT NOT NULL CHECK (length(expires_at) = 27),
    PRIMARY KEY (user_id, purpose)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_tokens_by_end ON mail_tokens (expires_at);

-- When a mail to an address was last requested, whether or not the address has an account. The address is
-- stored only as a MAC, which cannot be reversed.
CREATE TABLE mail_throttle (
    address_digest BLOB NOT NULL PRIMARY KEY CHECK (length(address_digest) = 32),
    asked_at       TEXT NOT NULL CHECK (length(asked_at) = 27)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_throttle_by_time ON mail_throttle (asked_at);
