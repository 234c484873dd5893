-- The language in which a user wants to be addressed (BCP 47), or null if it is not known.
ALTER TABLE users ADD COLUMN locale text;
