-- The client that opened a session. The first refresh copies it from client_address and client_agent, which
-- then have the client that refreshed last. Null before that, and where an older binary refreshed first.
ALTER TABLE sessions ADD COLUMN opened_address TEXT;
ALTER TABLE sessions ADD COLUMN opened_agent TEXT;
