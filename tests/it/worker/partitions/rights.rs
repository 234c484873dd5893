//! Roles that may change partitions, and roles that may not.

use secrecy::SecretString;
use svc::adapters::sqlx::SqlxStore;
use url::Url;

use super::{DAY, create, database, event, id_at, names, of_day, remove};
use crate::support::{Backend, TestDatabase, database as databases};

/// Runs a test with a store of a new role, which is created with this text.
async fn as_role(db: &TestDatabase, options: &str, test: impl AsyncFnOnce(&SqlxStore, &str)) {
    let role = format!("{}_role", db.name().unwrap());
    db.execute(&format!("CREATE ROLE {role} LOGIN {options}")).await.unwrap();
    let mut url = Url::parse(&db.url()).unwrap();
    url.set_username(&role).unwrap();
    let store = SqlxStore::open_postgres(&SecretString::from(url.to_string()).into(), &databases::options());
    let store = store.unwrap();
    test(&store, &role).await;
    store.close().await;
    db.execute(&format!("REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}"))
        .await
        .unwrap();
}

/// Gives the tables and their partitions to a role.
fn owned_by(role: &str) -> String {
    format!(
        "GRANT ALL ON SCHEMA public TO {role}; DO $$ DECLARE name text; BEGIN FOR name IN \
         SELECT CAST(CAST(oid AS regclass) AS text) FROM pg_class WHERE relkind IN ('r', 'p') \
         AND relnamespace = CAST('public' AS regnamespace) \
         LOOP EXECUTE format('ALTER TABLE %s OWNER TO {role}', name); END LOOP; END $$"
    )
}

/// The rows of a partition are moved by way of a temporary table.
#[test]
fn an_owner_without_temporary_tables_does_not_try() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        create(&db.store, today).await;
        as_role(&db, "", async |store, role| {
            let revoke = format!("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", db.name().unwrap());
            db.execute(&format!("{}; {revoke}", owned_by(role))).await.unwrap();
            let before = names(&db, "outbox").await;
            assert_eq!(remove(store, today.plus(DAY * 20)).await, 0);
            create(store, today.plus(DAY * 20)).await;
            assert_eq!(names(&db, "outbox").await, before);
            let left_behind =
                "SELECT CAST(conname AS text) FROM pg_constraint WHERE conname = 'svc_partition_bound'";
            assert_eq!(db.texts(left_behind).await, [] as [String; 0]);
            let grant = format!("GRANT TEMPORARY ON DATABASE {} TO {role}", db.name().unwrap());
            db.execute(&grant).await.unwrap();
            assert!(remove(store, today.plus(DAY * 20)).await > 0);
        })
        .await;
    });
}

/// The right to act as the owner is enough.
#[test]
fn a_member_that_inherits_nothing_acts_as_the_owner() {
    databases::run(Backend::Postgres, async |_| {
        let (db, today) = database().await;
        let owner = format!("owner_{}", id_at(today).simple());
        db.execute(&format!("CREATE ROLE {owner}; {}", owned_by(&owner))).await.unwrap();
        let member = format!("NOINHERIT IN ROLE {owner}");
        as_role(&db, &member, async |store, _| {
            create(store, today).await;
            assert!(names(&db, "audit").await.contains(&of_day("audit", today.plus(DAY))));
            event(&db, today, Some(today), "dead").await;
            assert!(remove(store, today.plus(DAY * 40)).await > 0);
            let owners =
                "SELECT DISTINCT CAST(CAST(relowner AS regrole) AS text) FROM pg_class WHERE relispartition";
            assert_eq!(db.texts(owners).await, std::slice::from_ref(&owner));
        })
        .await;
        db.execute(&format!(
            "REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner}; DROP ROLE {owner}"
        ))
        .await
        .unwrap();
    });
}
