-- The audience of the access tokens of a session, if its client chose another one than the service itself. An
-- older binary neither reads nor sets the column: it refreshes such a session with tokens for the service.
ALTER TABLE sessions ADD COLUMN audience text;

-- The request that caused an event, by its id, and the tracestate that came with its traceparent (W3C Trace
-- Context). An older binary leaves them empty.
ALTER TABLE outbox ADD COLUMN request_id text;
ALTER TABLE outbox ADD COLUMN tracestate text;
ALTER TABLE mail_requests ADD COLUMN request_id text;
ALTER TABLE mail_requests ADD COLUMN tracestate text;
