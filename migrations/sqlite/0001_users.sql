-- Ids are UUIDs of version 7, so the primary key is also the order of creation and the order of pages.
CREATE TABLE users (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email          TEXT    NOT NULL,
    email_key      TEXT    NOT NULL CONSTRAINT users_email_key UNIQUE,
    email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),
    name           TEXT,
    role           TEXT    NOT NULL CHECK (role IN ('user', 'admin')),
    status         TEXT    NOT NULL CHECK (status IN ('active', 'locked')),
    password_hash  TEXT    NOT NULL,
    version        INTEGER NOT NULL CHECK (version >= 1),
    created_at     TEXT    NOT NULL CHECK (length(created_at) = 27),
    updated_at     TEXT    NOT NULL CHECK (length(updated_at) = 27)
) STRICT, WITHOUT ROWID;

-- One index for each filter of a page, so that a rare role or status is found without scanning every user.
CREATE INDEX users_by_role ON users (role, id);
CREATE INDEX users_by_status ON users (status, id);
CREATE INDEX users_by_role_and_status ON users (role, status, id);
