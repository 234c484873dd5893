-- In which trace an event was caused (W3C Trace Context), when whoever caused it said so.
ALTER TABLE outbox ADD COLUMN traceparent TEXT CHECK (length(traceparent) = 55);
