use std::time::Duration;

use futures_util::StreamExt;
use svc::ports::events::EventFilter;
use tokio::time::sleep;

use super::{audited, message, start, until, until_audited};
use crate::support::app::App;
use crate::support::{Backend, given, rabbit};

#[test]
fn an_unreadable_message_is_dead_lettered_and_delays_no_other() {
    rabbit::run(async |_| {
        let (app, broker) = start().await;
        app.register(&App::address()).await;
        until_audited(&app, 1).await;
        let admin = broker.admin().await;
        let bodies = [
            "not json".to_owned(),
            r#"{"specversion":"2.0","id":"x"}"#.to_owned(),
            message(&given::id().to_string()),
            message("another service's"),
        ];
        for body in &bodies {
            admin.publish(&broker.exchange(), "user.registered", body).await;
        }
        app.register(&App::address()).await;
        until_audited(&app, 2).await;
        until(async || admin.depth(&broker.dead_letters()).await == 4).await;

        // Listing them removes none.
        let letters = app.container.dead_letters().unwrap();
        let all = EventFilter { limit: 10, ..EventFilter::default() };
        for _ in 0..2 {
            let dead = letters.dead(&all).await.unwrap();
            let mut reasons: Vec<_> = dead.iter().map(|letter| letter.reason.as_str()).collect();
            reasons.sort_unstable();
            assert_eq!(reasons.len(), 4, "{dead:?}");
            for (reason, expected) in reasons.iter().zip([
                "not an event of this",
                "not in the outbox",
                "not valid JSON",
                "unsupported specversion \"2.0\"",
            ]) {
                assert!(reason.contains(expected), "{reason} is not {expected}");
            }
            until(async || admin.depth(&broker.dead_letters()).await == 4).await;
        }
        // Messages that do not match are not counted.
        let registered = Some("svc.user.registered.v1".to_owned());
        let typed = EventFilter { type_name: registered, limit: 1, ..EventFilter::default() };
        assert_eq!(letters.dead(&typed).await.unwrap().len(), 1);
        until(async || admin.depth(&broker.dead_letters()).await == 4).await;
        // They return, and are rejected again.
        assert_eq!(letters.replay_all().await, Ok(4));
        until(async || admin.depth(&broker.dead_letters()).await == 4).await;
        assert_eq!(audited(&app).await, 2);
        app.stop().await;
    });
}

#[test]
fn a_dead_letter_that_is_replayed_is_handled() {
    rabbit::run(async |_| {
        let (app, broker) = start().await;
        app.register(&App::address()).await;
        until_audited(&app, 1).await;
        let admin = broker.admin().await;
        let log = app.container.event_log();
        let event =
            log.events(&EventFilter { limit: 1, ..EventFilter::default() }).await.unwrap().pop().unwrap();
        // As if it had arrived here before it was handled.
        app.database.execute("DELETE FROM inbox").await.unwrap();
        admin.publish("", &broker.dead_letters(), &message(&event.event.id.to_string())).await;
        assert_eq!(app.container.dead_letters().unwrap().replay_all().await, Ok(1));
        until(async || {
            app.database.texts("SELECT state FROM inbox WHERE handler = 'audit'").await == ["done"]
        })
        .await;
        until(async || admin.depth(&broker.dead_letters()).await == 0).await;
        assert_eq!(app.container.dead_letters().unwrap().replay_all().await, Ok(0));
        assert_eq!(audited(&app).await, 1, "the audit trail has it once");
        app.stop().await;
    });
}

#[test]
fn a_message_that_is_redelivered_too_often_is_dead_lettered_with_this_reason() {
    rabbit::run(async |_| {
        let app = App::start_queued(Backend::Postgres).await;
        let (broker, letters) = (app.broker.clone().unwrap(), app.container.dead_letters().unwrap());
        // The queues exist; nothing consumes.
        assert_eq!(letters.depth().await.unwrap().dead, 0);
        let admin = broker.admin().await;
        admin.publish("", &broker.inbox(), &message(&given::id().to_string())).await;
        let mut deliveries = 0;
        until(async || admin.depth(&broker.inbox()).await == 1).await;
        while admin.depth(&broker.dead_letters()).await == 0 {
            let (channel, mut messages) = admin.consume(&broker.inbox()).await;
            tokio::select! {
                Some(_) = messages.next() => deliveries += 1,
                // Another consumer has the message.
                () = sleep(Duration::from_millis(200)) => {}
            }
            // This consumer dies while handling the message.
            channel.close(200, "".into()).await.unwrap();
            assert!(deliveries <= 60, "it is requeued without end");
        }
        // It may have been delivered once more than was seen here. Listing is a delivery too, but must not
        // count as one.
        let all = EventFilter { limit: 10, ..EventFilter::default() };
        for _ in 0..3 {
            let dead = letters.dead(&all).await.unwrap();
            assert_eq!((dead.len(), dead[0].attempts), (1, Some(51)));
            assert!(dead[0].reason.contains("delivered too often"), "{dead:?}");
            until(async || admin.depth(&broker.dead_letters()).await == 1).await;
        }
        app.stop().await;
    });
}
