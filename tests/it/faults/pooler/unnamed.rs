use sqlx::Row;

use super::run;
use crate::support::App;
use crate::support::pgbouncer::Mode;
use crate::support::process::{Installation, within};
use crate::support::proxy::{Proxy, Way};

const CURE: &str = "database.pooler = \"transaction\"";

#[test]
fn every_command_refuses_to_run_and_leaves_nothing_behind() {
    for mode in [Mode::Transaction, Mode::Statement] {
        run(mode, 5, |pooled| async move {
            let url = pooled.bouncer.url();
            let installation = Installation::default().patient().set("SVC_DATABASE__URL", &url);
            for arguments in [
                &["migrate"][..],
                &["migrate", "status"],
                &["serve", "--set", "server.listen=127.0.0.1:0"],
                &["serve", "--wait", "60", "--set", "server.listen=127.0.0.1:0"],
                &["consume"],
                &["create-user", "--email", "ada@example.com", "--generate-password"],
            ] {
                installation.run(arguments).refused(78, &["database.url: postgres://", CURE]);
            }
            // A lock of a migration, or a limit, that another client of the pooler would meet.
            let locks = "SELECT mode FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            assert_eq!(pooled.database.texts(locks).await, [""; 0]);
            let mut other = pooled.bouncer.connect().await;
            let limit = sqlx::raw_sql("SHOW lock_timeout").fetch_one(&mut other).await.unwrap();
            assert_eq!(limit.get::<String, _>(0), "0");
        });
    }
}

/// What is not known of the pooler is asked again. A command is over before anything else could show it.
#[test]
fn a_check_that_breaks_off_allows_no_statement() {
    run(Mode::Transaction, 5, |pooled| async move {
        let proxy = Proxy::before(&pooled.bouncer.url());
        let installation = Installation::default().patient().set("SVC_DATABASE__URL", &proxy.url());
        // One of the first messages on the two connections of the check is lost.
        for passed in 0..5 {
            proxy.cut(passed, Way::Request);
            installation.run(&["migrate", "status"]).refused(78, &[CURE]);
            assert!(proxy.was_cut(), "message {passed} was never sent");
        }
    });
}

/// The check at the start finds nothing, because the pooler had another mode then.
#[test]
fn a_pooler_that_begins_to_share_sessions_is_noticed_by_the_next_unit_of_work() {
    run(Mode::Session, 20, |pooled| async move {
        let app = App::start_through(pooled.database.clone(), &pooled.bouncer.url(), &[]).await;
        let (_, login) = app.new_user().await;
        app.me(&login.access).await.expect(200);
        pooled.bouncer.restart(&pooled.program, Mode::Transaction, 20).await;
        let mut other = pooled.bouncer.connect().await;
        let used = async {
            loop {
                // Takes the session that the service has just used, so that the service gets another one.
                sqlx::raw_sql("BEGIN").execute(&mut other).await.unwrap();
                app.try_log_in("ada@example.com", "a wrong password").await;
                app.client.get("/health/ready", None).await;
                sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
            }
        };
        let found = within(async {
            tokio::select! {
                () = used => unreachable!("it never ends"),
                found = app.container.unusable() => found,
            }
        })
        .await;
        assert!(found.to_string().contains(CURE), "{found}");
        // From here on, nothing is sent to the database.
        let ready = app.client.get("/health/ready", None).await.expect(503);
        assert!(ready["detail"].as_str().unwrap().contains("database: unsupported"), "{ready}");
        assert_eq!(app.refresh(&login.refresh).await.rejection(), (503, "unavailable".to_owned()));
        app.stop().await;
    });
}
