//! The trace of a request is passed to the events that it causes, and to the events that they cause.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::json;
use svc::adapters::events::cloud_events;
use svc::domain::{EventKind, EventType, SessionId};
use svc::ports::UnitOfWork;
use svc::ports::events::{EventFilter, StoredEvent};
use svc::worker::handlers::{Handler, HandlerError, Projection, Subscription};

use super::until;
use crate::support::app::{App, PASSWORD};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends, given};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Appends an event of its own for each registration.
struct Echo;

#[async_trait]
impl Projection for Echo {
    async fn apply(&self, event: &StoredEvent, work: &mut dyn UnitOfWork) -> Result<(), HandlerError> {
        let started = EventKind::SessionStarted(SessionId(given::id()));
        Ok(work.outbox().append(&given::event(event.subject.as_user(), started)).await?)
    }
}

both_backends! {
    async fn events_carry_the_trace_of_their_request(backend: Backend) {
        let handlers = vec![Handler::shared_projection("echo", Subscription::Types(&[EventType::UserRegistered]), Echo)];
        let app = App::start_with(backend, &[], |builder| builder.handlers(handlers)).await;
        let headers: [&[&str]; 4] = [&[TRACE], &[], &["00-1-2-3"], &[TRACE, TRACE]];
        for (number, traces) in headers.iter().enumerate() {
            let body = json!({ "email": format!("user{number}@example.com"), "password": PASSWORD });
            let request = app.client.request(Method::POST, "/api/v1/auth/register").json(&body);
            let request = traces.iter().fold(request, |request, trace| request.header("traceparent", *trace));
            app.client.answer(request).await.expect(201);
        }
        // All in one transaction, as after a pause, so that none gets the trace of another.
        app.container.start_worker(true);
        let log = app.container.event_log();
        let all = EventFilter { limit: 10, ..EventFilter::default() };
        until(async || log.events(&all).await.unwrap().len() == 8).await;
        let mut events = log.events(&all).await.unwrap();
        events.reverse();
        let with_trace = events[0].event.subject;
        for event in events.into_iter().map(|logged| logged.event) {
            let envelope = cloud_events::envelope("http://svc.test", &event).unwrap();
            let expected = (event.subject == with_trace).then(|| json!(TRACE));
            assert_eq!(envelope.get("traceparent"), expected.as_ref(), "{envelope}");
        }
        app.stop().await;
    }
}

#[tokio::test]
async fn the_log_names_the_trace_of_a_request() {
    let installation = Installation::migrated(Backend::Sqlite).await;
    let mut serving = installation.serve();
    let request = serving.client.request(Method::GET, "/health/live");
    serving.client.answer(request.header("traceparent", TRACE)).await.expect(200);
    let line = serving.logged("answered");
    assert_eq!(line["span"]["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736", "{line}");
    serving.client.get("/health/live", None).await.expect(200);
    assert_eq!(serving.logged("answered")["span"].get("trace_id"), None);
}
