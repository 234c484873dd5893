//! A rotation that was committed while its answer was lost: no client has the successor, however long the
//! outage lasts.

use std::time::Duration;

use svc::domain::Client;
use tokio::task::JoinSet;

use super::GRACE;
use crate::support::app::Login;
use crate::support::faulty_store::{Fault, Faults};
use crate::support::process::until;
use crate::support::{App, Backend, both_backends};

/// An outage that is longer than the grace period.
const OUTAGE: Duration = Duration::from_hours(1);

/// Less than the 5 seconds after which a process is sure that others have stored their lost rotations.
const BEFORE_IT_IS_SURE: Duration = Duration::from_secs(4);

/// Starts a service that does not store its lost rotations by itself.
async fn bare(backend: Backend, faults: &Faults) -> App {
    App::start_bare_with(backend, &[], |builder| builder.around_store(faults.wrap())).await
}

/// Refreshes in such a way that the rotation commits and the answer of the database is lost.
async fn lose(app: &App, faults: &Faults, login: &Login) {
    faults.after(0, Fault::After);
    assert_eq!(app.refresh(&login.refresh).await.rejection(), (503, "unavailable".to_owned()));
    assert!(faults.was_met());
}

/// Waits until the database has stored that a refresh token could not be delivered.
async fn until_stored(app: &App) {
    let stored = "SELECT CAST(count(*) AS text) FROM sessions WHERE undelivered_generation = generation";
    until(async || app.database.texts(stored).await == ["1"]).await;
}

async fn generation(app: &App) -> Vec<String> {
    app.database.texts("SELECT CAST(generation AS text) FROM sessions").await
}

both_backends! {
    async fn the_token_is_valid_after_an_outage_of_any_length(backend: Backend) {
        let faults = Faults::default();
        let app = App::start_with(backend, &[], |builder| builder.around_store(faults.wrap())).await;
        let (user, first) = app.new_user().await;
        lose(&app, &faults, &first).await;
        app.clock.advance(OUTAGE);
        let second = app.refreshed(&first).await;
        assert_eq!(generation(&app).await, ["1"], "the successor is the one that was lost");

        // Also at another process and after a restart, once the database has stored it.
        until_stored(&app).await;
        let replica = app.replica().await;
        assert_eq!(replica.refreshed(&first).await.refresh, second.refresh);
        replica.stop().await;
        let app = app.restart().await;
        assert_eq!(app.refreshed(&first).await.refresh, second.refresh);

        // The successor is used: from here on the previous token counts as reused again.
        let third = app.refreshed(&second).await;
        app.clock.advance(GRACE);
        assert_eq!(app.refresh(&second.refresh).await.rejection(), (401, "token_reused".to_owned()));
        app.expect_ended(&third).await;
        assert_eq!(app.live_sessions(&user).await, 0);
        app.stop().await;
    }

    async fn a_cancelled_request_loses_its_answer_too(backend: Backend) {
        let faults = Faults::default();
        let app = bare(backend, &faults).await;
        let (_, first) = app.new_user().await;
        faults.after(0, Fault::Silence);
        let (use_cases, token) = (app.container.use_cases.clone(), first.refresh.clone());
        let mut requests = JoinSet::new();
        requests.spawn(async move { use_cases.auth.refresh.run(&token, Client::default()).await.map(drop) });
        until(async || generation(&app).await == ["1"]).await;
        requests.abort_all();
        assert!(requests.join_next().await.unwrap().unwrap_err().is_cancelled());
        app.clock.advance(OUTAGE);
        app.refreshed(&first).await;
        app.stop().await;
    }

    async fn nothing_counts_as_theft_while_another_process_may_know_of_a_lost_answer(backend: Backend) {
        let plans = [Faults::default(), Faults::default()];
        let first = bare(backend, &plans[0]).await;
        let second = first.bare_replica_with(|builder| builder.around_store(plans[1].wrap())).await;
        let (_, lost) = first.new_user().await;
        let (_, stolen) = first.new_user().await;
        first.refreshed(&stolen).await;
        let (_, other) = first.new_user().await;
        first.clock.advance(GRACE);

        // Both are affected by the outage, and only one of them knows of the lost answer.
        lose(&first, &plans[0], &lost).await;
        lose(&second, &plans[1], &other).await;
        first.clock.advance(GRACE);
        lose(&second, &plans[1], &other).await;
        first.clock.advance(BEFORE_IT_IS_SURE);
        for token in [&lost, &stolen] {
            assert_eq!(second.refresh(&token.refresh).await.rejection(), (503, "unavailable".to_owned()));
        }
        first.container.use_cases.undelivered_refreshes.run().await.unwrap();
        second.refreshed(&lost).await;
        first.clock.advance(Duration::from_secs(1));
        assert_eq!(second.refresh(&stolen.refresh).await.rejection(), (401, "token_reused".to_owned()));
        second.refreshed(&lost).await;
        second.stop().await;
        first.stop().await;
    }

    async fn a_generation_that_could_not_be_stored_is_stored_later(backend: Backend) {
        let faults = Faults::default();
        let app = bare(backend, &faults).await;
        let (_, first) = app.new_user().await;
        lose(&app, &faults, &first).await;
        let undelivered = &app.container.use_cases.undelivered_refreshes;
        for calls in [0, 1] {
            // Neither if the unit of work cannot begin, nor if it cannot be committed.
            faults.after(calls, Fault::Before);
            undelivered.run().await.unwrap_err();
        }
        undelivered.run().await.unwrap();
        app.clock.advance(OUTAGE);
        let replica = app.replica().await;
        replica.refreshed(&first).await;
        replica.stop().await;
        app.stop().await;
    }
}
