-- Ids are UUIDs of version 7, so the primary key is also the order of creation and the order of pages.
CREATE TABLE users (
    id             uuid        NOT NULL PRIMARY KEY,
    email          text        NOT NULL,
    email_key      text        NOT NULL CONSTRAINT users_email_key UNIQUE,
    email_verified boolean     NOT NULL,
    name           text,
    role           text        NOT NULL CHECK (role IN ('user', 'admin')),
    status         text        NOT NULL CHECK (status IN ('active', 'locked')),
    password_hash  text        NOT NULL,
    version        bigint      NOT NULL CHECK (version >= 1),
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL
);

-- One index for each filter of a page, so that a rare role or status is found without scanning every user.
CREATE INDEX users_by_role ON users (role, id);
CREATE INDEX users_by_status ON users (status, id);
CREATE INDEX users_by_role_and_status ON users (role, status, id);
