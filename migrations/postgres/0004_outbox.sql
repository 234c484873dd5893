-- Events, each written with the change it tells of. `subject` is the user it happened to, who may be gone by
-- now; `actor` is a user's id or the word `operator`.
CREATE TABLE outbox (
    id          uuid        NOT NULL PRIMARY KEY,
    type        text        NOT NULL,
    subject     uuid        NOT NULL,
    actor       text        NOT NULL,
    data        jsonb       NOT NULL,
    occurred_at timestamptz NOT NULL
);
