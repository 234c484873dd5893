-- Events, each written with the change it tells of. `subject` is the user it happened to, who may be gone by
-- now; `actor` is a user's id, `operator` or `service`.
-- `seq` is the order in which they were written: clocks of two replicas differ, and those who change a user wait for
-- each other, so of one user's events it is the order of the changes.
CREATE TABLE outbox (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    type        TEXT NOT NULL,
    subject     BLOB NOT NULL CHECK (length(subject) = 16),
    actor       TEXT NOT NULL,
    data        TEXT NOT NULL CHECK (json_valid(data)),
    occurred_at TEXT NOT NULL CHECK (length(occurred_at) = 27)
) STRICT;
