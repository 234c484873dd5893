-- Where the next run of a job continues; null: at the beginning.
ALTER TABLE jobs ADD COLUMN position text;
