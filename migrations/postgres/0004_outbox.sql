-- Events, each appended in the transaction of its change. `subject` is the affected user, who may have been
-- deleted since then; `actor` is a user's id, `operator` or `service`.
-- `seq` is the order of the appends. The clocks of two replicas differ, but changes of the same user wait for
-- each other, so for the events of one user it is the order of the changes.
CREATE TABLE outbox (
    seq         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          uuid        NOT NULL UNIQUE,
    type        text        NOT NULL,
    subject     uuid        NOT NULL,
    actor       text        NOT NULL,
    data        jsonb       NOT NULL,
    occurred_at timestamptz NOT NULL
);
