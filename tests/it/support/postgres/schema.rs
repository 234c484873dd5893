//! The schema of a database as lines of text, for comparison.

/// Everything that a test could change and that emptying a table does not restore: one line per thing.
/// Partitions are left out: the service creates and removes them while it works, and they get everything else
/// from their table.
pub(super) const LINES: &str = "
    SELECT line FROM (
        SELECT concat_ws(' ', 'column', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
                attidentity, attacl::text, pg_get_expr(adbin, adrelid)) AS line
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid AND relkind IN ('r', 'p', 'v', 'm')
                AND NOT relispartition
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT concat_ws(' ', 'relation', relname, relkind, relowner::regrole, relacl::text, reloptions::text,
                relpersistence, relrowsecurity, CASE WHEN relkind IN ('i', 'I') THEN pg_get_indexdef(oid) END,
                CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) END)
            FROM pg_class WHERE relnamespace = 'public'::regnamespace AND NOT relispartition
        UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT 1 FROM pg_class WHERE pg_class.oid = conrelid AND relispartition)
        UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgenabled, pg_get_triggerdef(oid))
            FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', 'function', oid::regprocedure, md5(prosrc))
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', 'sequence', sequencename, start_value, increment_by, max_value, last_value)
            FROM pg_sequences WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspacl::text)
            FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
        UNION ALL SELECT concat_ws(' ', 'database', datacl::text, datconnlimit, setconfig::text)
            FROM pg_database LEFT JOIN pg_db_role_setting ON setdatabase = pg_database.oid
            WHERE datname = current_database()
        UNION ALL SELECT concat_ws(' ', 'extension', extname, extversion) FROM pg_extension
        UNION ALL SELECT concat_ws(' ', 'migration', version, success, encode(checksum, 'hex')) FROM _sqlx_migrations
    ) AS lines ORDER BY line";

/// One text that differs from that of the template if anything in [`LINES`] may: the number of rows of each
/// catalog, and the sum of the transactions that wrote them.
///
/// It takes a tenth of the time. A change always writes a row of a catalog, in a later transaction; a copy of
/// a database keeps the numbers, and so does a vacuum.
pub(super) const STAMP: &str = "
    SELECT concat_ws(' ',
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_attribute WHERE attrelid >= 16384),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_class WHERE oid >= 16384),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_attrdef),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_index WHERE indexrelid >= 16384),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_constraint WHERE oid >= 16384),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_trigger),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_rewrite WHERE oid >= 16384),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_proc WHERE oid >= 16384),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_sequence),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM pg_extension),
        (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM _sqlx_migrations),
        (SELECT concat(datacl::text, '/', datconnlimit, '/', setconfig::text)
            FROM pg_database LEFT JOIN pg_db_role_setting ON setdatabase = pg_database.oid
            WHERE datname = current_database()))";

/// Removes every row of the service's tables and restarts its sequences. The table of the migrations keeps
/// its rows.
///
/// It uses DELETE: TRUNCATE creates new files for each table and index, which costs more than everything a
/// test does with them. As a replica, a session checks no foreign keys, so the order of the tables does not
/// matter.
pub(super) const EMPTY: &str = "
    SET session_replication_role = replica;
    DO $$
    DECLARE relation text;
    BEGIN
        FOR relation IN SELECT oid::regclass::text FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_sqlx_migrations'
                AND pg_relation_size(oid) > 0
        LOOP
            EXECUTE 'DELETE FROM ' || relation;
        END LOOP;
        PERFORM setval(oid::regclass, seqstart, false) FROM pg_class JOIN pg_sequence ON seqrelid = oid
            WHERE relnamespace = 'public'::regnamespace;
    END $$";
