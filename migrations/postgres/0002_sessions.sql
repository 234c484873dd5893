-- `generation` counts refresh tokens and is an unsigned number of 32 bits.
CREATE TABLE sessions (
    id                  uuid        NOT NULL PRIMARY KEY,
    user_id             uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    generation          bigint      NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),
    salt                bytea       NOT NULL CHECK (length(salt) = 16),
    label               text,
    client_address      text,
    client_agent        text,
    created_at          timestamptz NOT NULL,
    rotated_at          timestamptz NOT NULL,
    idle_expires_at     timestamptz NOT NULL,
    absolute_expires_at timestamptz NOT NULL,
    revoked_at          timestamptz,
    revoked_reason      text,
    CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);

CREATE INDEX sessions_by_user ON sessions (user_id, id);
