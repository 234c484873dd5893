//! Statements of jobs and of the command line may take longer than those of requests.

use std::time::Duration;

use secrecy::SecretString;
use svc::adapters::sqlx::{PoolOptions, SqlxStore};
use svc::ports::events::EventFilter;
use svc::ports::store::Kept;
use svc::ports::{Store, StoreError};

use crate::support::{Backend, database, given};

/// Each row that is read takes a second, and so does a statement that deletes.
const SLOW: &str = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
    ALTER TABLE sessions RENAME TO slow_sessions;
    CREATE VIEW sessions AS SELECT * FROM slow_sessions WHERE pg_sleep(1)::text = '';
    ALTER TABLE audit RENAME TO slow_audit;
    CREATE TRIGGER slow BEFORE DELETE ON slow_audit FOR EACH STATEMENT EXECUTE FUNCTION slow();
    CREATE VIEW audit AS SELECT * FROM slow_audit WHERE pg_sleep(1)::text = '';
    INSERT INTO slow_audit VALUES (gen_random_uuid(), '2026-01-01T00:00:00Z', 'operator', 'svc.user.locked.v1', gen_random_uuid(), '{}')";

#[test]
fn jobs_and_the_command_line_have_a_limit_of_their_own() {
    database::run(Backend::Postgres, async |backend| {
        let db = backend.own_database().await;
        let user = given::stored_user(&db.store, "ada@example.com").await;
        let session = given::session(user.id);
        given::store_sessions(&db.store, std::slice::from_ref(&session)).await;
        db.execute(SLOW).await.unwrap();
        let options = PoolOptions {
            max_connections: 1,
            statement_timeout: Duration::from_millis(200),
            ..database::options()
        };
        let store = SqlxStore::open_postgres(&SecretString::from(db.url()).into(), &options).unwrap();
        let all = EventFilter { limit: 10, ..EventFilter::default() };
        assert_eq!(store.audit().list(&all).await.map(|rows| rows.len()), Ok(1));
        // On the same connection a request has its own limit again.
        let found = store.sessions().find(session.id).await;
        assert!(matches!(found, Err(StoreError::Unavailable(_))), "{found:?}");
        let retention = Duration::from_hours(24);
        let kept = Kept { now: given::at(0).plus(retention), retention };
        assert_eq!(store.audit().clean(kept, 10).await, Ok(1));
        store.close().await;
    });
}
