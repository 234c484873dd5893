-- The audience of the access tokens of a session, if its client chose another one than the service itself. An
-- older binary neither reads nor sets the column: it refreshes such a session with tokens for the service.
ALTER TABLE sessions ADD COLUMN audience text;
