-- Handing events on. Nobody else takes an event before `available_at`: somebody works on it (`claim` is theirs, and what
-- they do counts only while it still stands there), or it is to be tried again then (`claim` is null).
-- Events that are here already count as not sent, and are handed on after the upgrade.
ALTER TABLE outbox
    ADD COLUMN relayed_at    timestamptz,
    ADD COLUMN available_at timestamptz,
    ADD COLUMN claim      uuid,
    ADD COLUMN attempts   bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    ADD COLUMN last_error text;

-- What is still to be sent, by age and by user; what can be cleaned away; and one user's for whoever looks.
CREATE INDEX outbox_unrelayed ON outbox (seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_unrelayed_by_subject ON outbox (subject, seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_relayed ON outbox (relayed_at) WHERE relayed_at IS NOT NULL;
CREATE INDEX outbox_by_subject ON outbox (subject, seq);

-- One row for each event and each handler that wants it. It lives as long as its event, so that whatever is delivered
-- again is known. `available_at` and `claim` are as above; `attempts` counts how often a handler was begun.
CREATE TABLE inbox (
    event_id   uuid        NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    handler    text        NOT NULL,
    seq        bigint      NOT NULL,
    subject    uuid        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('pending', 'done', 'dead')),
    attempts      bigint      NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    available_at timestamptz NOT NULL,
    claim      uuid,
    last_error text,
    done_at    timestamptz,
    PRIMARY KEY (event_id, handler),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
);

CREATE INDEX inbox_due ON inbox (handler, available_at, seq) WHERE state = 'pending' AND claim IS NULL;
CREATE INDEX inbox_claimed ON inbox (handler, available_at) WHERE state = 'pending' AND claim IS NOT NULL;
CREATE INDEX inbox_dead ON inbox (seq) WHERE state = 'dead';

-- Who did what to whom, and when: one row an event, kept when the event and the user are gone.
CREATE TABLE audit (
    event_id    uuid        NOT NULL PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    actor       text        NOT NULL,
    type        text        NOT NULL,
    subject     uuid        NOT NULL,
    data        jsonb       NOT NULL
);

CREATE INDEX audit_by_time ON audit (occurred_at, event_id);
CREATE INDEX audit_by_subject ON audit (subject, occurred_at, event_id);

-- What is done now and then, by one process at a time.
CREATE TABLE jobs (
    name   text        NOT NULL PRIMARY KEY,
    due_at timestamptz NOT NULL,
    claim  uuid
);
