-- Events, each written with the change it tells of. `subject` is the user it happened to, who may be gone by
-- now; `actor` is a user's id or the word `operator`.
CREATE TABLE outbox (
    id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    type        TEXT NOT NULL,
    subject     BLOB NOT NULL CHECK (length(subject) = 16),
    actor       TEXT NOT NULL,
    data        TEXT NOT NULL CHECK (json_valid(data)),
    occurred_at TEXT NOT NULL CHECK (length(occurred_at) = 27)
) STRICT, WITHOUT ROWID;
