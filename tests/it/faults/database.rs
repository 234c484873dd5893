//! A database that was set up for other uses: its encoding, its isolation level, limits that have no effect.

use svc::adapters::sqlx::SqlxStore;
use svc::domain::UserId;
use svc::ports::Migrations;
use svc::ports::store::{Store, StoreError, Unusable};

use crate::support::app::{Login, PASSWORD};
use crate::support::process::Installation;
use crate::support::{App, Backend, database};

#[test]
fn an_encoding_without_every_letter_is_refused() {
    database::run(Backend::Postgres, |backend| async move {
        let own = backend.empty_database().await;
        let name = format!("{}_latin1", own.name().unwrap());
        let make = format!(
            "CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        );
        own.execute(&make).await.unwrap();
        let mut url = url::Url::parse(&own.url()).unwrap();
        url.set_path(&name);
        let installation = Installation::default().set("SVC_DATABASE__URL", url.as_str());
        for arguments in [
            &["migrate"][..],
            &["migrate", "status"],
            &["serve", "--set", "server.listen=127.0.0.1:0"],
            &["consume"],
        ] {
            installation.run(arguments).refused(78, &["LATIN1", "ENCODING 'UTF8'"]);
        }
        own.execute(&format!("DROP DATABASE {name}")).await.unwrap();
    });
}

/// A statement that waited for a change of the same row continues with the changed row, whatever isolation
/// level the role has.
#[test]
fn the_isolation_level_is_the_services_own() {
    for level in ["repeatable read", "serializable"] {
        database::run(Backend::Postgres, async |backend| {
            let database = std::sync::Arc::new(backend.own_database().await);
            let set = format!(
                "ALTER DATABASE {} SET default_transaction_isolation = '{level}'",
                database.name().unwrap()
            );
            database.execute(&set).await.unwrap();
            let url = database.url();
            let app = App::start_through(database.clone(), &url, &["cache.url=off:"]).await;
            expect_own_level(&app, level).await;
            app.stop().await;
        });
    }
}

/// Panics unless a request succeeds that waited for a change of its row, on a database with this level.
pub(super) async fn expect_own_level(app: &App, level: &str) {
    let (_, login) = app.new_user().await;
    let another = app.database.another_store();
    // One statement, and a unit of work.
    for is_one in [true, false] {
        // On a busy machine the lock may be released too late for one attempt.
        let mut statuses = Vec::new();
        while statuses.len() < ATTEMPTS && !statuses.contains(&200) {
            statuses.push(change_while_locked(app, &login, &another, is_one).await);
        }
        assert!(statuses.contains(&200), "{level}: {statuses:?}");
    }
    another.close().await;
}

/// How often the request that finds the row locked is made.
const ATTEMPTS: usize = 20;

/// Returns the status of a request that waits for a row lock, with the row changed before the lock is
/// released. The request is one statement, or a unit of work.
async fn change_while_locked(app: &App, login: &Login, another: &SqlxStore, is_one: bool) -> u16 {
    let id = UserId(login.user_id().parse().unwrap());
    let mut holder = another.begin().await.unwrap();
    let mut account = holder.users().lock(id).await.unwrap().unwrap();
    account.user.version += 1;
    holder.users().update(&account.user).await.unwrap();
    let waits = async {
        if is_one {
            app.try_log_in(account.user.email.as_str(), PASSWORD).await.status
        } else {
            let body = serde_json::json!({ "name": "Ada" });
            let request = app.client.request(reqwest::Method::PATCH, "/api/v1/users/me");
            app.client.answer(request.bearer_auth(&login.access).json(&body)).await.status
        }
    };
    tokio::pin!(waits);
    tokio::select! {
        // The server ended the wait before the test saw it.
        status = &mut waits => return status,
        () = app.database.until_blocked() => {}
    }
    let committed = holder.commit().await;
    let status = waits.await;
    if committed.is_ok() { status } else { 503 }
}

/// As if a pooler answers `SET` without executing it.
#[test]
fn limits_without_effect_are_refused_with_a_remedy() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.own_database().await;
        let name = database.name().unwrap();
        let sql = format!(
            "CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE sql AS \
             $$ SELECT CASE WHEN $1 LIKE '%_timeout' THEN '0' ELSE pg_catalog.current_setting($1) END $$; \
             ALTER DATABASE {name} SET search_path = public, pg_catalog"
        );
        database.execute(&sql).await.unwrap();
        let store = database.another_store();
        let Err(StoreError::Unusable(Unusable::Unsupported, text)) = store.status().await else {
            panic!("it is used");
        };
        let url = url::Url::parse(&database.url()).unwrap();
        let cure = format!("ALTER ROLE \"{}\" SET lock_timeout = 1000", url.username());
        assert!(text.contains(&cure), "{text}");
        store.close().await;
    });
}
