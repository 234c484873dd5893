//! A database that was set up for other uses: its encoding, its isolation level, limits that do not hold.

use svc::domain::UserId;
use svc::ports::Migrations;
use svc::ports::store::{Store, StoreError, Unusable};

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

/// A statement that waited for a change of the same row goes on with the changed one, whatever the role is
/// set to.
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
            let (_, login) = app.new_user().await;
            let id = UserId(login.user_id().parse().unwrap());
            let another = database.another_store();

            // One statement, and a unit of work.
            for is_one in [true, false] {
                let mut holder = another.begin().await.unwrap();
                let mut account = holder.users().lock(id).await.unwrap().unwrap();
                account.user.version += 1;
                holder.users().update(&account.user).await.unwrap();
                let waits = async {
                    if is_one {
                        app.try_log_in(account.user.email.as_str(), crate::support::app::PASSWORD)
                            .await
                            .status
                    } else {
                        let body = serde_json::json!({ "name": "Ada" });
                        let request = app.client.request(reqwest::Method::PATCH, "/api/v1/users/me");
                        app.client.answer(request.bearer_auth(&login.access).json(&body)).await.status
                    }
                };
                let goes_on = async {
                    database.until_somebody_waits().await;
                    holder.commit().await.unwrap();
                };
                let (status, ()) = tokio::join!(waits, goes_on);
                assert_eq!(status, 200, "{level}");
            }
            another.close().await;
            app.stop().await;
        });
    }
}

/// As where something between answers `SET` and does not do it.
#[test]
fn limits_that_do_not_hold_are_refused_with_their_cure() {
    database::run(Backend::Postgres, async |backend| {
        let database = backend.own_database().await;
        let name = database.name().unwrap();
        let sql = format!(
            "CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT '0' $$; \
             ALTER DATABASE {name} SET search_path = public, pg_catalog"
        );
        database.execute(&sql).await.unwrap();
        let store = database.another_store();
        let Err(StoreError::Unusable(Unusable::Unsupported, text)) = store.status().await else {
            panic!("it is used");
        };
        assert!(text.contains("ALTER ROLE \"postgres\" SET lock_timeout = 1000"), "{text}");
        store.close().await;
    });
}
