use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::run;
use crate::support::App;
use crate::support::pgbouncer::Mode;
use crate::support::process::Installation;

/// Panics unless the server ends a statement that waits for a lock that is never released, and the client
/// gets an answer.
pub(super) async fn expect_lock_timeout(app: &App) {
    let (_, login) = app.new_user().await;
    let database = &app.database;
    // A connection of the test itself: a session of the service would end after a while.
    let mut holder = PgConnection::connect(&database.url()).await.unwrap();
    let lock = format!("BEGIN; SELECT FROM users WHERE id = '{}' FOR UPDATE", login.user_id());
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut holder).await.unwrap();
    let body = serde_json::json!({ "name": "Ada" });
    let request = app.client.request(reqwest::Method::PATCH, "/api/v1/users/me").bearer_auth(&login.access);
    // Without a limit of the server this ends with the time of the request, and leaves a server process that
    // waits.
    let answer = app.client.answer(request.json(&body)).await;
    assert_eq!(answer.rejection(), (503, "unavailable".to_owned()));
    let waiting = "SELECT pid::text FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    assert_eq!(database.texts(waiting).await, [""; 0], "the server did not end it");
    drop(holder);
}

/// PgBouncer drops or refuses limits that are given in the startup message.
#[test]
fn the_service_runs_and_its_limits_hold() {
    run(Mode::Session, 20, |pooled| async move {
        let app = App::start_through(pooled.database.clone(), &pooled.bouncer.url(), &[]).await;
        expect_lock_timeout(&app).await;
        let (_, login) = app.new_user().await;
        app.me(&login.access).await.expect(200);
        app.stop().await;
    });
}

/// A second connection, which would show whether sessions are shared, never gets a session. The command does
/// not wait for it as long as it waits for its own connection.
#[test]
fn one_session_of_the_server_is_enough_for_a_command() {
    run(Mode::Session, 1, |pooled| async move {
        let installation = Installation::default()
            .patient()
            .set("SVC_DATABASE__ACQUIRE_TIMEOUT", "12s")
            .set("SVC_DATABASE__URL", &pooled.bouncer.url());
        installation.run(&["migrate"]).expect(0);
        installation.run(&["event", "stats"]).expect(0);
    });
}
