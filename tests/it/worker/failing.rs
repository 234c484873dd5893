use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use svc::domain::{EventKind, Timestamp};
use svc::ports::events::{EventFilter, InboxEntryRow, Selection};
use svc::worker::handlers::HandlerError;

use super::until;
use crate::support::app::App;
use crate::support::handlers::Recorder;
use crate::support::{Backend, both_backends, given};

/// Starts the service with these handlers.
async fn with(backend: Backend, handlers: &[&Arc<Recorder>]) -> App {
    let handlers = handlers.iter().map(|handler| handler.handler()).collect();
    let app = App::start_queued_with(backend, &[], |builder| builder.handlers(handlers)).await;
    app.container.start_worker(true);
    app
}

async fn entries(app: &App) -> Vec<InboxEntryRow> {
    let log = app.container.event_log();
    let events = log.events(&EventFilter { limit: 10, ..EventFilter::default() }).await.unwrap();
    let mut rows = Vec::new();
    for event in events {
        rows.extend(log.entries(event.event.id).await.unwrap());
    }
    rows
}

/// Lets time pass until the handler has been called `times` times.
async fn until_begun(app: &App, handler: &Recorder, times: usize) {
    until(async || {
        app.clock.advance(Duration::from_hours(1));
        handler.begun() >= times
    })
    .await;
}

both_backends! {
    async fn an_event_that_always_fails_is_dead_lettered_and_delays_no_other(backend: Backend) {
        let poisoned = Recorder::with("poisoned", |_| Err(HandlerError::Failed("a bad day".to_owned())));
        let healthy = Recorder::new("healthy");
        let app = with(backend, &[&poisoned, &healthy]).await;
        app.register("ada@example.com").await;
        until(async || healthy.begun() == 1 && poisoned.begun() == 1).await;
        until_begun(&app, &poisoned, 10).await;
        let log = app.container.event_log();
        let all = EventFilter { limit: 10, ..EventFilter::default() };
        until(async || log.dead(&all).await.unwrap().len() == 1).await;
        app.clock.advance(Duration::from_hours(100));
        app.register("bea@example.com").await;
        until(async || healthy.begun() == 2).await;
        let dead = log.dead(&all).await.unwrap();
        assert_eq!((dead.len(), dead[0].handler.as_str(), dead[0].attempts), (1, "poisoned", 10));
        assert_eq!(dead[0].last_error.as_deref(), Some("a bad day"));
        app.stop().await;
    }

    async fn a_dead_letter_is_requeued_by_a_replay(backend: Backend) {
        let cured = Arc::new(AtomicBool::new(false));
        let is_cured = cured.clone();
        let sick = Recorder::with("sick", move |_| {
            assert!(is_cured.load(Ordering::SeqCst), "over the middleware");
            Ok(())
        });
        let app = with(backend, &[&sick]).await;
        app.register("ada@example.com").await;
        until(async || sick.begun() == 1).await;
        until_begun(&app, &sick, 10).await;
        let (log, replayer) = (app.container.event_log(), app.container.event_replayer());
        let all = EventFilter { limit: 10, ..EventFilter::default() };
        until(async || log.dead(&all).await.unwrap().len() == 1).await;
        assert_eq!(log.dead(&all).await.unwrap()[0].last_error.as_deref(), Some("the handler panicked: over the middleware"));
        // Each failure rolled back everything written before it.
        assert_eq!(app.database.texts("SELECT type FROM audit").await, Vec::<String>::new());

        cured.store(true, Ordering::SeqCst);
        assert_eq!(replayer.count(&Selection::Dead).await, Ok((0, 1)));
        let now: Timestamp = app.container.clock().now();
        assert_eq!(replayer.requeue(&Selection::Dead, now, 10).await, Ok(1));
        assert_eq!(replayer.requeue(&Selection::Dead, now, 10).await, Ok(0));
        until(async || entries(&app).await.iter().all(|row| row.state == "done")).await;
        assert_eq!(app.database.texts("SELECT type FROM audit").await, ["svc.user.registered.v1"]);
        app.stop().await;
    }

    async fn a_failing_event_does_not_fail_others_in_its_transaction(backend: Backend) {
        let locked = "svc.user.locked.v1";
        let sharing = Recorder::sharing("sharing", move |event| {
            if event.type_name == locked { Err(HandlerError::Failed("not this one".to_owned())) } else { Ok(()) }
        });
        let handlers = vec![sharing.handler()];
        let app = App::start_queued_with(backend, &[], |builder| builder.handlers(handlers)).await;
        let mut work = app.container.store().begin().await.unwrap();
        for number in 0..40 {
            let user = given::user("ada@example.com");
            let kind = if number == 9 { EventKind::UserLocked(user.clone()) } else { EventKind::UserUpdated(user.clone()) };
            work.outbox().append(&given::event(user.id, kind)).await.unwrap();
        }
        work.commit().await.unwrap();
        app.container.start_worker(true);
        until(async || app.database.texts("SELECT state FROM inbox WHERE state = 'done'").await.len() == 39).await;
        let failing = "SELECT type FROM inbox JOIN outbox ON id = event_id WHERE inbox.last_error = 'not this one'";
        until(async || app.database.texts(failing).await == [locked]).await;
        assert_eq!(app.database.texts("SELECT type FROM audit").await.len(), 39);
        app.stop().await;
    }

    async fn a_failure_waits_longer_each_time(backend: Backend) {
        let failing = Recorder::with("failing", |_| Err(HandlerError::Failed("no".to_owned())));
        let app = with(backend, &[&failing]).await;
        app.register("ada@example.com").await;
        for (attempts, least, most) in [(1, 2, 5), (2, 5, 10), (3, 10, 20)] {
            // The clock stands still; during the attempt, this is the end of the lease of 30 seconds.
            let now = app.container.clock().now();
            until(async || {
                let wait = entries(&app).await.first().map_or(0, |row| row.available_at.since(now).as_secs());
                failing.begun() == attempts && (least..=most).contains(&wait)
            })
            .await;
            app.clock.advance(Duration::from_secs(most));
        }
        app.stop().await;
    }
}
