-- The generation whose refresh token no client received. An older binary does not update the column: the
-- value counts only while it is the newest generation.
ALTER TABLE sessions ADD COLUMN undelivered_generation bigint;
