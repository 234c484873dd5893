-- Tokens that a key with the status 'compromised' signed are refused. The row stays until the sessions that may
-- have such a token have ended.
CREATE TABLE signing_keys (
    id             text        NOT NULL PRIMARY KEY,
    algorithm      text        NOT NULL,
    status         text        NOT NULL CHECK (status IN ('pending', 'active', 'retired', 'compromised')),
    public_jwk     text        NOT NULL,
    sealed_private bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    activates_at   timestamptz CHECK (activates_at IS NULL OR status = 'pending'),
    activated_at   timestamptz,
    retired_at     timestamptz,
    compromised_at timestamptz,
    CHECK ((status = 'compromised') = (compromised_at IS NOT NULL))
);

-- At most one key per algorithm is active, and at most one is going to be.
CREATE UNIQUE INDEX signing_keys_stage ON signing_keys (algorithm, status)
    WHERE status = 'active' OR activates_at IS NOT NULL;
