-- The audit trail of one type of events, the newest first.
CREATE INDEX audit_by_type ON audit (type, occurred_at, event_id);
