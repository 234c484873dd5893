-- Data that applications keep about a user, as JSON objects in compact text: the user writes `metadata`,
-- administrators write `app_metadata`. An older binary names neither column in its statements, so a user that
-- it changes keeps both. Only the service writes them, within its limits: a CHECK would scan the table.
ALTER TABLE users ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN app_metadata TEXT NOT NULL DEFAULT '{}';
