-- Bans of a network in its canonical form, or of the account of a user. One per target. `ends_at` is null if
-- the ban has no end.
CREATE TABLE bans (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    network    TEXT    UNIQUE,
    user_id    BLOB    UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    reason     TEXT,
    version    INTEGER NOT NULL CHECK (version >= 1),
    created_at TEXT    NOT NULL CHECK (length(created_at) = 27),
    ends_at    TEXT    CHECK (length(ends_at) = 27),
    CHECK ((network IS NULL) <> (user_id IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX bans_by_end ON bans (ends_at);

-- One row, which each change of a ban updates: a process sees from `version` that its copy of the list is out
-- of date, and changes wait for each other because of the row lock, so that the number of bans stays limited.
CREATE TABLE ban_list (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version BLOB    NOT NULL CHECK (length(version) = 16)
) STRICT, WITHOUT ROWID;
