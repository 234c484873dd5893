-- Events, each appended in the transaction of its change. `subject` is the affected user, who may have been
-- deleted since then; `actor` is a user's id, `operator` or `service`.
-- `seq` is the order of the appends. The clocks of two replicas differ, but changes of the same user wait for
-- each other, so for the events of one user it is the order of the changes.
-- An id is a UUID of version 7 and begins with its time, so a range of ids is a range of time. The partitions
-- are created with the other partitioned tables (0005).
CREATE TABLE outbox (
    seq         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    id          uuid        NOT NULL PRIMARY KEY,
    type        text        NOT NULL,
    subject     uuid        NOT NULL,
    actor       text        NOT NULL,
    data        jsonb       NOT NULL,
    occurred_at timestamptz NOT NULL
) PARTITION BY RANGE (id);

-- A unique index would have to contain the id. The sequence repeats no number.
CREATE INDEX outbox_by_seq ON outbox (seq);
