//! The trace of a request is passed to the events that it causes, and to the events that they cause.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Map, Value, json};
use svc::adapters::events::cloud_events;
use svc::domain::{EventKind, EventType, SessionId};
use svc::ports::UnitOfWork;
use svc::ports::events::{EventFilter, StoredEvent};
use svc::worker::handlers::{Handler, HandlerError, Projection, Subscription};

use super::until;
use crate::support::app::{App, Login, PASSWORD};
use crate::support::process::{Installation, finish, signal};
use crate::support::{Backend, both_backends, given};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

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
        let state = |envelope: &Value| envelope.get("tracestate").cloned();
        for (number, traces) in headers.iter().enumerate() {
            let body = json!({ "email": format!("user{number}@example.com"), "password": PASSWORD });
            let request = app.client.request(Method::POST, "/api/v1/auth/register").json(&body);
            let request = traces.iter().fold(request, |request, trace| request.header("traceparent", *trace));
            let request = request.header("tracestate", "vendor=1").header("x-request-id", format!("r-{number}"));
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
        let mut subjects: Vec<_> = events.iter().map(|logged| logged.event.subject).collect();
        subjects.sort_unstable();
        subjects.dedup();
        for event in events.into_iter().map(|logged| logged.event) {
            let envelope = cloud_events::envelope("http://svc.test", &event).unwrap();
            let expected = (event.subject == with_trace).then(|| json!(TRACE));
            assert_eq!(envelope.get("traceparent"), expected.as_ref(), "{envelope}");
            assert_eq!(state(&envelope), expected.map(|_| json!("vendor=1")), "{envelope}");
            // The event that the handler appends has the request of the one that it handles.
            let number = subjects.iter().position(|subject| *subject == event.subject).unwrap();
            assert_eq!(envelope["correlationid"], format!("r-{number}"), "{envelope}");
        }
        app.stop().await;
    }
}

both_backends! {
    async fn one_id_leads_from_the_browser_to_the_log_of_the_handled_event(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_LOG__FORMAT", "json");
        let mut serving = installation.serve();
        serving.ready().await;
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        let request = serving.client.request(Method::POST, "/api/v1/auth/register").json(&body);
        let request = request.header("traceparent", TRACE).header("x-request-id", "browser-1");
        let user = serving.client.answer(request).await.expect(201);
        let line = serving.logged("\"route\":\"/api/v1/auth/register\"");
        for (name, value) in [
            ("request_id", json!("browser-1")),
            ("trace_id", json!(TRACE_ID)),
            ("operation", json!("register")),
            ("method", json!("POST")),
            ("route", json!("/api/v1/auth/register")),
            ("path", json!("/api/v1/auth/register")),
            ("status", json!(201)),
            ("client", json!("127.0.0.1")),
        ] {
            assert_eq!(line[name], value, "{name} in {line}");
        }
        assert!(line["duration_ms"].as_f64().unwrap() > 0.0, "{line}");

        // Handlers run in the server on the embedded database, and in a worker elsewhere.
        let event = if backend == Backend::Sqlite {
            serving.logged("\"event handled\"")
        } else {
            let worker = installation.start(&["consume"]);
            let handled = "SELECT state FROM inbox WHERE handler = 'mail'";
            until(async || installation.texts(handled).await == ["done"]).await;
            signal(worker.id(), "TERM");
            let ran = finish(worker).expect(0);
            let line = ran.stderr.lines().find(|line| line.contains("\"event handled\""));
            serde_json::from_str(line.unwrap_or_else(|| panic!("{}", ran.stderr))).unwrap()
        };
        assert_eq!((&event["request_id"], &event["trace_id"]), (&json!("browser-1"), &json!(TRACE_ID)), "{event}");
        assert_eq!((&event["event_type"], &event["handler"]), (&json!("svc.user.registered.v1"), &json!("mail")));
        assert!(event["duration_ms"].is_f64() && event["event_id"].is_string(), "{event}");
        assert!(user["id"].is_string());
    }

    async fn the_log_names_the_caller_the_route_and_the_problem(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_LOG__FORMAT", "json");
        let serving = installation.serve();
        serving.ready().await;
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        let user = serving.client.post("/api/v1/auth/register", &body).await.expect(201);
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &body).await.expect(200));
        serving.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        let path = format!("/api/v1/users/{}", user["id"].as_str().unwrap());
        serving.client.get(&path, Some(&login.access)).await.expect(403);
        let refreshed = json!({ "refresh_token": login.refresh });
        serving.client.post("/api/v1/auth/refresh", &refreshed).await.expect(200);
        serving.client.get("/nowhere", None).await.expect(404);
        serving.terminate();
        let ran = serving.ended().expect(0);
        let lines: Vec<Value> = ran.stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let answered = |operation: &Value| {
            lines.iter().find(|line| line["message"] == "answered" && line["operation"] == *operation).unwrap()
        };
        let ids = (user["id"].clone(), json!(login.session_id()));
        for (operation, route, status, code) in [
            ("log_in", "/api/v1/auth/login", 200, Value::Null),
            ("refresh", "/api/v1/auth/refresh", 200, Value::Null),
            ("show_me", "/api/v1/users/me", 200, Value::Null),
            ("show_user", "/api/v1/users/{id}", 403, json!("forbidden")),
        ] {
            let line = answered(&json!(operation));
            assert_eq!((&line["route"], &line["status"], &line["code"]), (&json!(route), &json!(status), &code), "{line}");
            assert_eq!((&line["user_id"], &line["session_id"]), (&ids.0, &ids.1), "{line}");
        }
        let lost = lines.iter().find(|line| line["path"] == "/nowhere").unwrap();
        assert_eq!((&lost["code"], lost.get("route"), lost.get("user_id")), (&json!("not_found"), None, None));

        // Every line is flat, and has each member once.
        for text in ran.stderr.lines() {
            let line: Map<String, Value> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(line.values().all(|value| !value.is_object() && !value.is_array()), "{text}");
            assert_eq!(line.len(), text.matches("\":").count() - inner(&line), "{text}");
        }
    }
}

/// Returns how often a text that ends a name occurs in the values of a line.
fn inner(line: &Map<String, Value>) -> usize {
    let texts = line.values().filter_map(Value::as_str);
    texts.map(|text| json!(text).to_string().matches("\":").count()).sum()
}

#[tokio::test]
async fn a_request_without_a_trace_is_logged_without_one() {
    let installation = Installation::migrated(Backend::Sqlite).await;
    let mut serving = installation.serve();
    serving.client.get("/health/live", None).await.expect(200);
    let line = serving.logged("answered");
    assert_eq!((line.get("trace_id"), line["request_id"].is_string()), (None, true), "{line}");
}
