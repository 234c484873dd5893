-- The trace in which an event was caused (W3C Trace Context), if the request named one.
ALTER TABLE outbox ADD COLUMN traceparent TEXT CHECK (length(traceparent) = 55);
