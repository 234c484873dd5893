-- How often a worker has claimed a request: a row that cannot be read is given up after some attempts.
ALTER TABLE registration_requests ADD COLUMN attempts bigint NOT NULL DEFAULT 0;
