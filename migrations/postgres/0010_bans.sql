-- Bans: of a network in its canonical form, or of the account of a user. One per target. `ends_at` is null while no end is set.
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

-- One row, which each change of a ban writes: `version` tells every process that its copy of the list is old, and the lock on
-- the row has changes wait for each other, so that the number of bans stays bounded.
CREATE TABLE ban_list (
    id      bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    version uuid   NOT NULL
);
