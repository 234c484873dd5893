//! Migrations.

use svc::ports::{Migration, Migrations, StoreError};
use tokio::task::JoinSet;

use crate::support::{Backend, both_backends, given};

fn with_applied(applied: bool, migrations: &[Migration]) -> Vec<Migration> {
    migrations.iter().map(|migration| Migration { applied, ..migration.clone() }).collect()
}

both_backends! {
    async fn an_empty_database_has_everything_pending_and_stays_empty(backend: Backend) {
        let db = backend.empty_database().await;
        let status = db.store.status().await.unwrap();
        let versions: Vec<i64> = status.iter().map(|migration| migration.version).collect();
        assert!(versions[0] == 1 && versions.is_sorted_by(|one, next| one < next), "{versions:?}");
        assert_eq!(status[0].description, "users");
        assert!(status.iter().all(|migration| !migration.applied));
        assert_eq!(db.store.status().await.unwrap(), status);
    }

    async fn up_applies_pending_migrations_and_reports_them(backend: Backend) {
        let db = backend.empty_database().await;
        let pending = db.store.status().await.unwrap();
        let applied = with_applied(true, &pending);
        assert_eq!(db.store.up().await.unwrap(), applied);
        assert_eq!(db.store.status().await.unwrap(), applied);
        assert_eq!(db.store.up().await.unwrap(), []);
        given::stored_user(&db.store, "ada@example.com").await;
    }

    async fn of_ten_at_once_one_does_the_work_and_none_fails(backend: Backend) {
        let db = backend.empty_database().await;
        let mut processes = JoinSet::new();
        for _ in 0..10 {
            let store = db.another_store();
            processes.spawn(async move {
                store.status().await.unwrap();
                let done = store.up().await.unwrap();
                assert!(store.status().await.unwrap().iter().all(|migration| migration.applied));
                done
            });
        }
        let done = processes.join_all().await.concat();
        assert_eq!(done, db.store.status().await.unwrap());
    }

    async fn a_newer_database_is_used_and_not_migrated(backend: Backend) {
        let db = backend.own_database().await;
        db.execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 9999, 'of tomorrow', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
        )
        .await
        .unwrap();
        let newer = "the database has migration 9999, which this binary does not know: use a release as new as the database";
        let newer = StoreError::Corrupt(newer.to_owned());
        let status = db.store.status().await.unwrap();
        assert!(status.iter().all(|migration| migration.applied), "{status:?}");
        assert_eq!(status.last().unwrap().version, 9999);
        assert_eq!(db.store.up().await, Err(newer));
    }

    async fn a_migration_that_was_changed_afterwards_is_refused(backend: Backend) {
        let db = backend.own_database().await;
        let other = match backend {
            Backend::Sqlite => "X'00'",
            Backend::Postgres => "'\\x00'",
        };
        db.execute(&format!("UPDATE _sqlx_migrations SET checksum = {other} WHERE version = 1"))
            .await
            .unwrap();
        assert!(matches!(db.store.up().await, Err(StoreError::Corrupt(_))));
    }
}
