-- The request that asked for a mail: the event of the mail has it as its cause, as in `outbox`.
ALTER TABLE mail_requests ADD COLUMN request_id text;
ALTER TABLE mail_requests ADD COLUMN tracestate text;
