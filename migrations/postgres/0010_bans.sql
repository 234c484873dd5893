-- Bans of a network in its canonical form, or of the account of a user. One per target. `ends_at` is null if
-- the ban has no end.
CREATE TABLE bans (
    id         uuid        NOT NULL PRIMARY KEY,
    network    text        UNIQUE,
    user_id    uuid        UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    reason     text,
    version    bigint      NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    ends_at    timestamptz,
    CHECK ((network IS NULL) <> (user_id IS NULL))
);

CREATE INDEX bans_by_end ON bans (ends_at);

-- One row, which each change of a ban updates: a process sees from `version` that its copy of the list is out
-- of date, and changes wait for each other because of the row lock, so that the number of bans stays limited.
CREATE TABLE ban_list (
    id      bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    version uuid   NOT NULL
);
