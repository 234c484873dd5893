//! A database that is passed from test to test is either like a new one, or it is not passed on.

use svc::domain::{EventKind, SessionId};
use svc::ports::Store;

use super::databases::{Database, empty};
use crate::support::{Backend, database, given};

/// Changes to a database that leave the rows of the service unchanged, each with a word that identifies it.
const BENT: [(&str, &str); 12] = [
    ("ALTER TABLE users ADD COLUMN nick text", "nick"),
    ("ALTER TABLE users ALTER COLUMN name SET NOT NULL", "name"),
    ("ALTER TABLE users ALTER COLUMN name SET DEFAULT 'x'", "'x'"),
    ("ALTER TABLE outbox RENAME COLUMN actor TO initiator", "initiator"),
    ("ALTER TABLE users DROP CONSTRAINT users_role_check", "users_role_check"),
    ("DROP INDEX sessions_by_user", "sessions_by_user"),
    ("CREATE TABLE notes (id uuid)", "notes"),
    ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function"),
    ("ALTER SEQUENCE outbox_seq_seq INCREMENT 7", "sequence"),
    ("GRANT SELECT ON users TO PUBLIC", "relation users"),
    ("DELETE FROM _sqlx_migrations WHERE version = 4", "migration 4"),
    ("UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1", "migration 1"),
];

#[test]
fn an_emptied_database_is_like_the_template() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.own_database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        given::store_sessions(&db.store, &[given::session(user.id)]).await;
        let event = given::event(user.id, EventKind::SessionStarted(SessionId(given::id())));
        let mut work = db.store.begin().await.unwrap();
        work.outbox().append(&event).await.unwrap();
        work.commit().await.unwrap();
        // A session that another process left open in the middle of its work.
        let mut left = db.another_store().begin().await.unwrap();
        left.users().lock(user.id).await.unwrap();

        let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
        let tables = db.texts(tables).await;
        empty(db.name().unwrap()).await.unwrap();
        for table in tables {
            let rows = db.texts(&format!("SELECT count(*)::text FROM {table}")).await.remove(0);
            assert_eq!(rows == "0", table != "_sqlx_migrations", "{table} has {rows} rows");
        }
        assert_eq!(db.texts("SELECT nextval('outbox_seq_seq')::text").await, ["1"]);
    });
}

#[test]
fn a_database_that_is_not_like_the_template_is_not_given_to_another_test() {
    database::run(Backend::Postgres, async |_| {
        for (bend, named) in BENT {
            let database = Database::own().await;
            super::execute_on(database.name(), bend).await;
            let difference = empty(database.name()).await.unwrap_err();
            assert!(difference.contains(named), "{bend}: {difference}");
        }
        let database = Database::own().await;
        let set = format!("ALTER DATABASE {} SET work_mem = '1MB'", database.name());
        super::execute_on(database.name(), &set).await;
        assert!(empty(database.name()).await.unwrap_err().contains("work_mem"));
    });
}
