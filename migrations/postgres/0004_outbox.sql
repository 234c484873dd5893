-- Events, each written with the change it tells of. `subject` is the user it happened to, who may be gone by
-- now; `actor` is a user's id, `operator` or `service`.
-- `seq` is the order in which they were written: clocks of two replicas differ, and those who change a user wait for
-- each other, so of one user's events it is the order of the changes.
CREATE TABLE outbox (
    seq         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          uuid        NOT NULL UNIQUE,
    type        text        NOT NULL,
    subject     uuid        NOT NULL,
    actor       text        NOT NULL,
    data        jsonb       NOT NULL,
    occurred_at timestamptz NOT NULL
);
