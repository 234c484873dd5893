-- Events, each appended in the transaction of its change. `subject` is the affected user, who may have been
-- deleted since then; `actor` is a user's id, `operator` or `service`.
-- `seq` is the order of the appends. The clocks of two replicas differ, but changes of the same user wait for
-- each other, so for the events of one user it is the order of the changes.
CREATE TABLE outbox (
    seq         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    type        TEXT NOT NULL,
    subject     BLOB NOT NULL CHECK (length(subject) = 16),
    actor       TEXT NOT NULL,
    data        TEXT NOT NULL CHECK (json_valid(data)),
    occurred_at TEXT NOT NULL CHECK (length(occurred_at) = 27)
) STRICT;
