-- The relay. Before `available_at`, only the owner of the claim works on an event. A worker with a claim stores
-- its id in `claim`, and its result counts only while the id is still there. If `claim` is null, the event
-- waits for its next attempt.
-- Events that exist already count as not relayed, and are relayed after the upgrade.
ALTER TABLE outbox
    ADD COLUMN relayed_at   timestamptz,
    ADD COLUMN available_at timestamptz,
    ADD COLUMN claim        uuid,
    ADD COLUMN attempts     bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    ADD COLUMN last_error   text;

-- Events that are not relayed yet, by age and by user; events that can be removed; and the events of one user
-- for queries.
CREATE INDEX outbox_unrelayed ON outbox (seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_unrelayed_by_subject ON outbox (subject, seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_relayed ON outbox (relayed_at) WHERE relayed_at IS NOT NULL;
CREATE INDEX outbox_by_subject ON outbox (subject, seq);

-- One row for each event and each handler that wants it. It lives as long as its event, so that a repeated
-- delivery is recognized. `available_at` and `claim` are as above; `attempts` counts the attempts of the handler.
CREATE TABLE inbox (
    event_id     uuid        NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    handler      text        NOT NULL,
    seq          bigint      NOT NULL,
    subject      uuid        NOT NULL,
    state        text        NOT NULL CHECK (state IN ('pending', 'done', 'dead')),
    attempts     bigint      NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    available_at timestamptz NOT NULL,
    claim        uuid,
    last_error   text,
    done_at      timestamptz,
    PRIMARY KEY (event_id, handler),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
);

CREATE INDEX inbox_due ON inbox (handler, available_at, seq) WHERE state = 'pending' AND claim IS NULL;
CREATE INDEX inbox_claimed ON inbox (handler, available_at) WHERE state = 'pending' AND claim IS NOT NULL;
CREATE INDEX inbox_dead ON inbox (seq) WHERE state = 'dead';

-- The audit trail: one row per event, kept after the event and the user are deleted.
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

-- Periodic jobs, each run by one process at a time.
CREATE TABLE jobs (
    name   text        NOT NULL PRIMARY KEY,
    due_at timestamptz NOT NULL,
    claim  uuid
);
