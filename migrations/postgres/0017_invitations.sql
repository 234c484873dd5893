-- Invitations that were not accepted yet: their users have no password. Accepting one sets it and removes the
-- row, revoking one removes the user. Of the mailed token only a MAC under the secret key is stored.
--
-- A table of its own, since an older binary reads every row of `mail_tokens` and knows no such purpose.
CREATE TABLE invitations (
    user_id    uuid        NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    digest     bytea       NOT NULL UNIQUE CHECK (length(digest) = 32),
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
