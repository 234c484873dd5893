-- Tokens that a key with the status 'compromised' signed are refused. The row stays until the sessions that may
-- have such a token have ended.
CREATE TABLE signing_keys (
    id             TEXT NOT NULL PRIMARY KEY,
    algorithm      TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('pending', 'active', 'retired', 'compromised')),
    public_jwk     TEXT NOT NULL,
    sealed_private BLOB NOT NULL,
    created_at     TEXT NOT NULL CHECK (length(created_at) = 27),
    activates_at   TEXT CHECK (activates_at IS NULL OR length(activates_at) = 27 AND status = 'pending'),
    activated_at   TEXT CHECK (length(activated_at) = 27),
    retired_at     TEXT CHECK (length(retired_at) = 27),
    compromised_at TEXT CHECK (length(compromised_at) = 27),
    CHECK ((status = 'compromised') = (compromised_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- At most one key per algorithm is active, and at most one is going to be.
CREATE UNIQUE INDEX signing_keys_stage ON signing_keys (algorithm, status)
    WHERE status = 'active' OR activates_at IS NOT NULL;
