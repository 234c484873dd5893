-- Fills a migrated, empty PostgreSQL database: as many users as `svc.users` says, two sessions for each, and as many events as
-- `svc.events` says, spread over the last week in their order. Set both before: SET svc.users = 1000; SET svc.events = 20000;
--
-- Most is over and done, as in a service that has run for long: of the events the last 100 are not relayed yet; of the inbox
-- entries every 1000th is dead, and those of the last 200 events are pending.

SET session_replication_role = replica;

CREATE FUNCTION scale_id(at timestamptz, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM at) * 1000 AS bigint)), 12, '0') || '7'
        || substr(md5(CAST(number AS text)), 1, 3) || '8' || substr(md5(CAST(number AS text)), 4, 15) AS uuid)
$$;
CREATE FUNCTION scale_user(number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT scale_id(timestamptz '2026-01-01 00:00Z' + number * interval '1 second', number)
$$;

INSERT INTO users (id, email, email_key, email_verified, name, role, status, password_hash, version, created_at, updated_at)
SELECT scale_user(n), 'user' || n || '@example.com', 'user' || n || '@example.com', true, 'User ' || n,
    CASE WHEN n % 1000 = 0 THEN 'admin' ELSE 'user' END, CASE WHEN n % 500 = 1 THEN 'locked' ELSE 'active' END,
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$' || substr(md5(CAST(n AS text)) || md5(CAST(-n AS text)), 1, 43),
    1, now() - interval '30 days', now() - interval '30 days'
FROM generate_series(1, CAST(current_setting('svc.users') AS bigint)) AS n;

-- The second session of each user is over since a day.
INSERT INTO sessions (id, user_id, generation, salt, client_address, client_agent, created_at, rotated_at, idle_expires_at,
    absolute_expires_at, revoked_at, revoked_reason)
SELECT scale_id(now() - interval '20 days' + n * interval '1 millisecond', n), scale_user((n + 1) / 2), 3,
    decode(md5(CAST(n AS text)), 'hex'), '198.51.100.7', 'scale', now() - interval '20 days', now() - interval '1 day',
    now() + interval '13 days', now() + interval '60 days',
    CASE WHEN n % 2 = 0 THEN now() - interval '1 day' END, CASE WHEN n % 2 = 0 THEN 'logged_out' END
FROM generate_series(1, 2 * CAST(current_setting('svc.users') AS bigint)) AS n;

INSERT INTO outbox (seq, id, type, subject, actor, data, occurred_at, sent_at, attempts) OVERRIDING SYSTEM VALUE
SELECT n, scale_id(at, n),
    CASE WHEN n % 10000 = 0 THEN 'svc.user.locked.v1' WHEN n % 10 = 0 THEN 'svc.user.registered.v1'
        ELSE 'svc.session.started.v1' END,
    scale_user(1 + n * 7919 % users), CAST(scale_user(1 + n * 7919 % users) AS text),
    jsonb_build_object('session_id', scale_id(at, n), 'version', 1), at,
    CASE WHEN n <= events - 100 THEN at + interval '10 milliseconds' END, CASE WHEN n <= events - 100 THEN 1 ELSE 0 END
FROM (SELECT n, now() - interval '7 days' + n * (interval '7 days' / events) AS at, events,
    CAST(current_setting('svc.users') AS bigint) AS users
    FROM (SELECT CAST(current_setting('svc.events') AS bigint) AS events) AS total, generate_series(1, events) AS n) AS made;
SELECT setval(pg_get_serial_sequence('outbox', 'seq'), CAST(current_setting('svc.events') AS bigint));

INSERT INTO inbox (event_id, handler, seq, subject, state, tries, held_until, last_error, done_at)
SELECT id, handler, seq, subject, state, 1, occurred_at, CASE state WHEN 'dead' THEN 'no' END,
    CASE state WHEN 'done' THEN occurred_at END
FROM (SELECT id, handler, seq, subject, occurred_at, CASE WHEN seq > CAST(current_setting('svc.events') AS bigint) - 200
    THEN 'pending' WHEN seq % 1000 = 0 THEN 'dead' ELSE 'done' END AS state
    FROM outbox, (VALUES ('audit'), ('mail')) AS handlers (handler)
    WHERE sent_at IS NOT NULL AND (handler = 'audit' OR type = 'svc.user.registered.v1')) AS entries;

INSERT INTO audit (event_id, occurred_at, actor, type, subject, data)
SELECT id, occurred_at, actor, type, subject, data FROM outbox WHERE sent_at IS NOT NULL;

SET session_replication_role = DEFAULT;
DROP FUNCTION scale_user(bigint), scale_id(timestamptz, bigint);
