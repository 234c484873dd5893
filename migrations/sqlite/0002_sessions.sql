-- `generation` counts refresh tokens and is an unsigned number of 32 bits.
CREATE TABLE sessions (
    id                  BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id             BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    generation          INTEGER NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),
    salt                BLOB    NOT NULL CHECK (length(salt) = 16),
    label               TEXT,
    client_address      TEXT,
    client_agent        TEXT,
    created_at          TEXT    NOT NULL CHECK (length(created_at) = 27),
    rotated_at          TEXT    NOT NULL CHECK (length(rotated_at) = 27),
    idle_expires_at     TEXT    NOT NULL CHECK (length(idle_expires_at) = 27),
    absolute_expires_at TEXT    NOT NULL CHECK (length(absolute_expires_at) = 27),
    revoked_at          TEXT    CHECK (length(revoked_at) = 27),
    revoked_reason      TEXT,
    CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id, id);
