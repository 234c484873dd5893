-- The trace in which an event was caused (W3C Trace Context), if the request named one.
-- Existing rows are not validated, because every other transaction would have to wait for that.
ALTER TABLE outbox ADD COLUMN traceparent text;
ALTER TABLE outbox ADD CONSTRAINT outbox_traceparent_check CHECK (length(traceparent) = 55) NOT VALID;
