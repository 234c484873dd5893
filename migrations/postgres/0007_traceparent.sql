-- In which trace an event was caused (W3C Trace Context), when whoever caused it said so.
-- What is there already is not looked through, for which everybody would have to wait.
ALTER TABLE outbox ADD COLUMN traceparent text;
ALTER TABLE outbox ADD CONSTRAINT outbox_traceparent_check CHECK (length(traceparent) = 55) NOT VALID;
