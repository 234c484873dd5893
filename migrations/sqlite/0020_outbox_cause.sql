-- The request that caused an event, by its id, and the tracestate that came with its traceparent (W3C Trace
-- Context). An older binary leaves them empty.
ALTER TABLE outbox ADD COLUMN request_id TEXT;
ALTER TABLE outbox ADD COLUMN tracestate TEXT;
