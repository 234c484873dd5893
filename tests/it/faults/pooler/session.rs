use svc::ports::Store as _;

use super::run;
use crate::support::App;
use crate::support::pgbouncer::Mode;
use crate::support::process::until;

/// The server ends a statement that waits for a lock which nobody gives up; the client is answered meanwhile.
pub(super) async fn expect_lock_timeout(app: &App) {
    let (_, login) = app.new_user().await;
    let database = &app.database;
    let mut holder = database.store.begin().await.unwrap();
    holder.users().lock(svc::domain::UserId(login.user_id().parse().unwrap())).await.unwrap();
    let body = serde_json::json!({ "name": "Ada" });
    let request = app.client.request(reqwest::Method::PATCH, "/api/v1/users/me").bearer_auth(&login.access);
    // Without a limit of the server this ends after ten minutes, and leaves a server process that waits.
    let answer = app.client.answer(request.json(&body)).await;
    assert_eq!(answer.refusal(), (503, "unavailable".to_owned()));
    let waiting = "SELECT pid::text FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until(async || database.texts(waiting).await.is_empty()).await;
    drop(holder);
}

/// PgBouncer drops or refuses limits that are given with the start of a session.
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
