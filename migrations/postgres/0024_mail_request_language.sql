-- The language of the request that asked for a mail, for a user without one.
ALTER TABLE mail_requests ADD COLUMN language text;
