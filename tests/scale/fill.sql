-- Fills a migrated, empty PostgreSQL database with as many users as `svc.users` says, two sessions for each,
-- and as many events as `svc.events` says, spread in order over the last week. Set both before: SET svc.users
-- = 1000; SET svc.events = 20000;
--
-- Most of it is finished, as in a service that has run for long: the last 100 events are not relayed yet;
-- every 1000th inbox entry is dead, and those of the last 200 events are pending.

SET session_replication_role = replica;

-- Returns an id of version 7 for this millisecond.
CREATE FUNCTION scale_id(millisecond bigint, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT CAST(lpad(to_hex(millisecond), 12, '0') || '70008' || lpad(to_hex(number), 15, '0') AS uuid)
$$;
CREATE FUNCTION scale_user(number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT scale_id(1767225600000 + number, number)
$$;

-- Divides the week into partitions of four hours, as many as a long retention makes.
DO $$
DECLARE
    place text;
    part  text;
    hours CONSTANT bigint := 4 * 3600 * 1000;
    -- Whole partitions, at any time of the day: one of a few rows is read as a whole.
    first bigint := CAST(extract(epoch FROM now() - interval '7 days') * 1000 AS bigint);
BEGIN
    FOREACH place IN ARRAY ARRAY['outbox', 'inbox', 'audit'] LOOP
        FOR part IN SELECT CAST(CAST(inhrelid AS regclass) AS text) FROM pg_inherits WHERE inhparent = CAST(place AS regclass) LOOP
            EXECUTE 'DROP TABLE ' || part;
        END LOOP;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (MINVALUE) TO (%L)',
            place || '_past', place, scale_id(first, 0));
        FOR n IN 0..43 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', place || '_part_' || n, place,
                scale_id(first + n * hours, 0), scale_id(first + (n + 1) * hours, 0));
        END LOOP;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (MAXVALUE)',
            place || '_future', place, scale_id(first + 44 * hours, 0));
    END LOOP;
END $$;

-- Indexes are created at the end, which is faster.
CREATE TEMPORARY TABLE scale_indexes AS
SELECT indexname, replace(indexdef, ' ON ONLY ', ' ON ') AS indexdef FROM pg_indexes
WHERE schemaname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)
    AND NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = indexname AND relispartition);
DO $$ DECLARE made record; BEGIN
    FOR made IN SELECT * FROM scale_indexes LOOP EXECUTE 'DROP INDEX ' || made.indexname; END LOOP;
END $$;

INSERT INTO users (id, email, email_key, email_verified, name, role, status, password_hash, version, created_at, updated_at)
SELECT scale_user(n), 'user' || n || '@example.com', 'user' || n || '@example.com', true, 'User ' || n,
    CASE WHEN n % 1000 = 0 THEN 'admin' ELSE 'user' END, CASE WHEN n % 500 = 1 THEN 'locked' ELSE 'active' END,
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI',
    1, now() - interval '30 days', now() - interval '30 days'
FROM generate_series(1, CAST(current_setting('svc.users') AS bigint)) AS n;

-- The second session of each user ended a day ago.
INSERT INTO sessions (id, user_id, generation, salt, client_address, client_agent, created_at, rotated_at, idle_expires_at,
    absolute_expires_at, revoked_at, revoked_reason)
SELECT scale_id(start + n, n), scale_user((n + 1) / 2), 3, '\x0123456789abcdef0123456789abcdef', '198.51.100.7', 'scale',
    now() - interval '20 days', now() - interval '1 day', now() + interval '13 days', now() + interval '60 days',
    CASE WHEN n % 2 = 0 THEN now() - interval '1 day' END, CASE WHEN n % 2 = 0 THEN 'logged_out' END
FROM (SELECT CAST(extract(epoch FROM now() - interval '20 days') * 1000 AS bigint) AS start) AS begun,
    generate_series(1, 2 * CAST(current_setting('svc.users') AS bigint)) AS n;

INSERT INTO outbox (seq, id, type, subject, actor, data, occurred_at, relayed_at, attempts) OVERRIDING SYSTEM VALUE
SELECT n, scale_id(start + n * 604800000 / events, n),
    CASE WHEN n % 10000 = 0 THEN 'svc.user.locked.v1' WHEN n % 10 = 0 THEN 'svc.user.registered.v1'
        ELSE 'svc.session.started.v1' END,
    scale_user(1 + n * 7919 % users), 'operator', '{"session_id": "01990000-0000-7000-8000-000000000000", "version": 1}', at,
    CASE WHEN n <= events - 100 THEN at + interval '10 milliseconds' END, CASE WHEN n <= events - 100 THEN 1 ELSE 0 END
FROM (SELECT n, events, start, to_timestamp((start + n * 604800000 / events) / 1000.0) AS at,
    CAST(current_setting('svc.users') AS bigint) AS users
    FROM (SELECT CAST(current_setting('svc.events') AS bigint) AS events,
        CAST(extract(epoch FROM now() - interval '7 days') * 1000 AS bigint) AS start) AS total,
    generate_series(1, events) AS n) AS made;
SELECT setval(pg_get_serial_sequence('outbox', 'seq'), CAST(current_setting('svc.events') AS bigint));

INSERT INTO inbox (event_id, handler, seq, subject, state, attempts, available_at, last_error, done_at)
SELECT id, handler, seq, subject, state, 1, occurred_at, CASE state WHEN 'dead' THEN 'no' END,
    CASE state WHEN 'done' THEN occurred_at END
FROM (SELECT id, handler, seq, subject, occurred_at, CASE WHEN seq > CAST(current_setting('svc.events') AS bigint) - 200
    THEN 'pending' WHEN seq % 1000 = 0 THEN 'dead' ELSE 'done' END AS state
    FROM outbox, (VALUES ('audit'), ('mail')) AS handlers (handler)
    WHERE relayed_at IS NOT NULL AND (handler = 'audit' OR type = 'svc.user.registered.v1')) AS entries;

INSERT INTO audit (event_id, occurred_at, actor, type, subject, data)
SELECT id, occurred_at, actor, type, subject, data FROM outbox WHERE relayed_at IS NOT NULL;

DO $$ DECLARE made record; BEGIN
    FOR made IN SELECT * FROM scale_indexes LOOP EXECUTE made.indexdef; END LOOP;
END $$;
DROP TABLE scale_indexes;
DROP FUNCTION scale_user(bigint), scale_id(bigint, bigint);
SET session_replication_role = DEFAULT;
