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

-- Events that are not relayed yet, by age and by user; and the events of one user for queries.
CREATE INDEX outbox_unrelayed ON outbox (seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_unrelayed_by_subject ON outbox (subject, seq) WHERE relayed_at IS NULL;
CREATE INDEX outbox_by_subject ON outbox (subject, seq);

-- One row for each event and each handler that wants it. It lives as long as its event, so that a repeated
-- delivery is recognized. `available_at` and `claim` are as above; `attempts` counts the attempts of the handler.
-- No foreign key leads to the outbox: a partition that another table points to is not removed without reading
-- that table. Statements that create entries lock the event instead.
CREATE TABLE inbox (
    event_id     uuid        NOT NULL,
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
) PARTITION BY RANGE (event_id);

-- PostgreSQL guesses that a condition of this form holds for half of the rows. So it reads the index in order,
-- also while its statistics say that hardly any entry is pending.
CREATE INDEX inbox_due ON inbox (handler, available_at, seq)
    WHERE CASE state WHEN 'pending' THEN claim IS NULL ELSE false END;
CREATE INDEX inbox_claimed ON inbox (handler, available_at) WHERE state = 'pending' AND claim IS NOT NULL;

-- The audit trail: one row per event, kept after the event and the user are deleted.
CREATE TABLE audit (
    event_id    uuid        NOT NULL PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    actor       text        NOT NULL,
    type        text        NOT NULL,
    subject     uuid        NOT NULL,
    data        jsonb       NOT NULL
) PARTITION BY RANGE (event_id);

CREATE INDEX audit_by_time ON audit (occurred_at, event_id);
CREATE INDEX audit_by_subject ON audit (subject, occurred_at, event_id);

-- Periodic jobs, each run by one process at a time.
CREATE TABLE jobs (
    name   text        NOT NULL PRIMARY KEY,
    due_at timestamptz NOT NULL,
    claim  uuid
);

-- The first partitions. The `past` one takes ids from before today, the `future` one ids from years ahead, so
-- that every id has a partition, whatever the clock of its process says. `svc migrate` and a job of the worker
-- divide the others by days, ahead of time, and remove the old ones.
DO $$
DECLARE
    today  CONSTANT date := CAST(now() AT TIME ZONE 'UTC' AS date);
    place  text;
    starts date[] := ARRAY[today, today + 32, today + 1056];
    bounds text[];
BEGIN
    SELECT array_agg(lpad(to_hex(CAST(extract(epoch FROM start) AS bigint) * 1000), 12, '0') || repeat('0', 20) ORDER BY start)
        INTO bounds FROM unnest(starts) AS start;
    FOREACH place IN ARRAY ARRAY['outbox', 'inbox', 'audit'] LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (MINVALUE) TO (%L)',
            place || '_past', place, bounds[1]);
        FOR n IN 1..2 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                place || to_char(starts[n], '_YYYYMMDD'), place, bounds[n], bounds[n + 1]);
        END LOOP;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (MAXVALUE)',
            place || '_future', place, bounds[3]);
    END LOOP;
END $$;
