CREATE TABLE signing_keys (
    id             text        NOT NULL PRIMARY KEY,
    algorithm      text        NOT NULL,
    status         text        NOT NULL CHECK (status IN ('pending', 'active', 'retired')),
    public_jwk     text        NOT NULL,
    sealed_private bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    activated_at   timestamptz,
    retired_at     timestamptz
);

-- At most one key signs.
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (status) WHERE status = 'active';
