-- The relay. Before `available_at`, only the owner of the claim works on an event. A worker with a claim stores
-- its id in `claim`, and its result counts only while the id is still there. If `claim` is null, the event
-- waits for its next attempt.
-- Events that exist already count as not relayed, and are relayed after the upgrade.
ALTER TABLE outbox ADD COLUMN relayed_at TEXT CHECK (length(relayed_at) = 27);
ALTER TABLE outbox ADD COLUMN available_at TEXT CHECK (length(available_at) = 27);
ALTER TABLE outbox ADD COLUMN claim BLOB CHECK (length(claim) = 16);
ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0);
ALTER TABLE outbox ADD COLUMN last_error TEXT;

-- Events that are not relayed yet, by age and by user; and the events of one user for queries.
CREATE INDEX outbox_unrelayed ON outbox (seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_unrelayed_by_subject ON outbox (subject, seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_by_subject ON outbox (subject, seq);

-- One row for each event and each handler that wants it. It lives as long as its event, so that a repeated
-- delivery is recognized. `available_at` and `claim` are as above; `attempts` counts the attempts of the handler.
CREATE TABLE inbox (
    event_id     BLOB    NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    handler      TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    subject      BLOB    NOT NULL CHECK (length(subject) = 16),
    state        TEXT    NOT NULL CHECK (state IN ('pending', 'done', 'dead')),
    attempts     INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    available_at TEXT    NOT NULL CHECK (length(available_at) = 27),
    claim        BLOB    CHECK (length(claim) = 16),
    last_error   TEXT,
    done_at      TEXT    CHECK (length(done_at) = 27),
    PRIMARY KEY (event_id, handler),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- PostgreSQL guesses that a condition of this form holds for half of the rows. So it reads the index in order,
-- also while its statistics say that hardly any entry is pending.
CREATE INDEX inbox_due ON inbox (handler, available_at, seq)
    WHERE CASE state WHEN 'pending' THEN claim IS NULL ELSE false END;
CREATE INDEX inbox_claimed ON inbox (handler, available_at) WHERE state = 'pending' AND claim IS NOT NULL;

-- The audit trail: one row per event, kept after the event and the user are deleted.
CREATE TABLE audit (
    event_id    BLOB NOT NULL PRIMARY KEY CHECK (length(event_id) = 16),
    occurred_at TEXT NOT NULL CHECK (length(occurred_at) = 27),
    actor       TEXT NOT NULL,
    type        TEXT NOT NULL,
    subject     BLOB NOT NULL CHECK (length(subject) = 16),
    data        TEXT NOT NULL CHECK (json_valid(data))
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_by_time ON audit (occurred_at, event_id);
CREATE INDEX audit_by_subject ON audit (subject, occurred_at, event_id);

-- Periodic jobs, each run by one process at a time.
CREATE TABLE jobs (
    name   TEXT NOT NULL PRIMARY KEY,
    due_at TEXT NOT NULL CHECK (length(due_at) = 27),
    claim  BLOB CHECK (length(claim) = 16)
) STRICT, WITHOUT ROWID;
