-- Tokens that were sent by mail and wait to be used: of each only a MAC under the secret key. A user has one for each purpose, so a newer
-- one takes the place of the older. `email` is where it was sent, which using it proves.
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

-- When somebody last asked for a mail to an address, whether or not there is an account behind it. Of the address only a
-- MAC, which nobody can turn back.
CREATE TABLE mail_throttle (
    address_digest BLOB NOT NULL PRIMARY KEY CHECK (length(address_digest) = 32),
    asked_at       TEXT NOT NULL CHECK (length(asked_at) = 27)
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_throttle_by_time ON mail_throttle (asked_at);
