use reqwest::Method;
use serde_json::json;
use svc::domain::{Actor, Event, EventKind, SessionId, UserId};
use svc::ports::Store;
use svc::ports::events::{EventFilter, Selection};

use super::until;
use crate::support::app::App;
use crate::support::handlers::Recorder;
use crate::support::{Backend, both_backends, given};

/// Returns the types in the audit trail, in the order of the events.
async fn audited(app: &App) -> Vec<String> {
    app.database.texts("SELECT type FROM audit ORDER BY occurred_at, event_id").await
}

async fn count(app: &App, what: &str) -> usize {
    app.database.texts(&format!("SELECT CAST(count(*) AS text) FROM {what}")).await[0].parse().unwrap()
}

both_backends! {
    async fn each_event_is_audited_once_with_its_actor(backend: Backend) {
        let app = App::start_queued(backend).await;
        app.container.start_worker(true);
        let (user, login) = app.new_user().await;
        let answer = app.client.send(Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&json!({ "name": "Ada" }))).await;
        answer.expect(200);
        until(async || count(&app, "audit").await == 3).await;
        let types = ["svc.user.registered.v1", "svc.session.started.v1", "svc.user.updated.v1"];
        assert_eq!(audited(&app).await, types);
        let rows = app.container.store().audit().list(&EventFilter { limit: 10, ..EventFilter::default() }).await.unwrap();
        assert!(rows.iter().all(|row| row.actor == user["id"] && row.subject.to_string() == user["id"]));
        assert_eq!(count(&app, "outbox WHERE relayed_at IS NULL").await, 0);
        app.stop().await;
    }

    async fn a_change_that_is_rolled_back_leaves_nothing(backend: Backend) {
        let app = App::start_queued(backend).await;
        app.container.start_worker(true);
        let started = EventKind::SessionStarted(SessionId(given::id()));
        let mut work = app.container.store().begin().await.unwrap();
        work.outbox().append(&given::event(UserId(given::id()), started)).await.unwrap();
        drop(work);
        app.register("ada@example.com").await;
        let again = json!({ "email": "ada@example.com", "password": crate::support::app::PASSWORD });
        app.client.post("/api/v1/auth/register", &again).await.expect(409);
        app.register("bea@example.com").await;
        until(async || count(&app, "audit").await >= 2).await;
        assert_eq!(audited(&app).await, ["svc.user.registered.v1", "svc.user.registered.v1"]);
        assert_eq!(count(&app, "outbox").await, 2);
        app.stop().await;
    }

    async fn events_from_before_the_worker_and_of_newer_releases_are_handled_too(backend: Backend) {
        let app = App::start_queued(backend).await;
        app.register("ada@example.com").await;
        let id = match backend {
            Backend::Sqlite => "x'01990000000070008000000000000009'",
            Backend::Postgres => "'01990000-0000-7000-8000-000000000009'",
        };
        app.database
            .execute(&format!(
                "INSERT INTO outbox (id, type, subject, actor, data, occurred_at) VALUES ({id}, \
                 'svc.weather.changed.v9', {id}, 'a newer actor', '{{}}', '2099-01-01T00:00:00.000000Z')"
            ))
            .await
            .unwrap();
        app.container.start_worker(true);
        until(async || count(&app, "audit").await == 2).await;
        assert_eq!(audited(&app).await, ["svc.user.registered.v1", "svc.weather.changed.v9"]);
        app.stop().await;
    }

    async fn a_relay_alone_delivers_and_leaves_the_rest_to_others(backend: Backend) {
        let app = App::start(backend).await;
        app.container.start_worker(false);
        app.register("ada@example.com").await;
        until(async || count(&app, "inbox WHERE state = 'pending'").await == 2).await;
        let other = app.replica().await;
        other.container.start_worker(true);
        until(async || count(&app, "audit").await == 1).await;
        other.stop().await;
        app.stop().await;
    }

    async fn a_replay_relays_again_and_nothing_is_done_twice(backend: Backend) {
        let app = App::start_queued(backend).await;
        app.container.start_worker(true);
        app.register("ada@example.com").await;
        until(async || count(&app, "audit").await == 1).await;
        // As if the handler was added later: it has no entry yet.
        app.database.execute("DELETE FROM inbox").await.unwrap();
        let (log, replayer) = (app.container.event_log(), app.container.event_replayer());
        let all = Selection::Since { since: svc::domain::Timestamp::from_micros(0).unwrap(), until: i64::MAX };
        assert_eq!(replayer.count(&all).await, Ok((1, 0)));
        // Later events are not part of it, such as the one that records it.
        let none = Selection::Since { since: svc::domain::Timestamp::from_micros(0).unwrap(), until: replayer.newest().await.unwrap() - 1 };
        assert_eq!(replayer.count(&none).await, Ok((0, 0)));
        assert_eq!(replayer.replay(&none, 0, 10).await, Ok((0, None)));
        assert_eq!(replayer.replay(&all, 0, 10).await, Ok((1, None)));
        until(async || count(&app, "inbox WHERE state = 'done'").await == 2).await;
        assert_eq!(replayer.replay(&all, 0, 10).await, Ok((1, None)));
        until(async || count(&app, "outbox WHERE relayed_at IS NOT NULL").await == 1).await;
        let rows = log.entries(log.events(&EventFilter { limit: 1, ..EventFilter::default() }).await.unwrap()[0].event.id).await.unwrap();
        assert!(rows.len() == 2 && rows.iter().all(|row| row.attempts == 1 && row.state == "done"), "{rows:?}");
        assert_eq!(count(&app, "audit").await, 1);
        app.database.execute("UPDATE inbox SET state = 'dead', done_at = NULL").await.unwrap();
        let now = svc::domain::Timestamp::from_micros(0).unwrap();
        assert_eq!(replayer.requeue(&none, now, 10).await, Ok(0), "their dead letters stay, too");
        assert_eq!(replayer.requeue(&all, now, 10).await, Ok(2));
        app.stop().await;
    }

    async fn of_one_user_events_are_handled_in_order(backend: Backend) {
        let recorder = Recorder::new("recorder");
        let handlers = vec![recorder.handler()];
        let app = App::start_queued_with(backend, &[], |builder| builder.handlers(handlers)).await;
        let users = [UserId(given::id()), UserId(given::id()), UserId(given::id())];
        let mut expected = vec![Vec::new(); users.len()];
        for round in 0..100 {
            let mut work = Store::begin(&app.database.store).await.unwrap();
            for (user, expected) in users.iter().zip(&mut expected) {
                let kind = EventKind::SessionStarted(SessionId(given::id()));
                // The clock of the process that wrote the later events is behind.
                let event = Event::new(given::id(), *user, Actor::Service, given::at(-round), kind);
                expected.push(event.id);
                work.outbox().append(&event).await.unwrap();
            }
            work.commit().await.unwrap();
        }
        app.container.start_worker(true);
        until(async || recorder.begun() == 300).await;
        for (user, expected) in users.iter().zip(&expected) {
            assert_eq!(&recorder.of(*user), expected);
        }
        app.stop().await;
    }
}
