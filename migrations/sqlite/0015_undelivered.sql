-- The generation whose refresh token no client received. A previous binary leaves the column alone: it counts only while it is
-- the newest generation.
ALTER TABLE sessions ADD COLUMN undelivered_generation INTEGER;
