CREATE TABLE signing_keys (
    id             TEXT NOT NULL PRIMARY KEY,
    algorithm      TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('pending', 'active', 'retired')),
    public_jwk     TEXT NOT NULL,
    sealed_private BLOB NOT NULL,
    created_at     TEXT NOT NULL CHECK (length(created_at) = 27),
    activated_at   TEXT CHECK (length(activated_at) = 27),
    retired_at     TEXT CHECK (length(retired_at) = 27)
) STRICT, WITHOUT ROWID;

-- At most one key signs.
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (status) WHERE status = 'active';
