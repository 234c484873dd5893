use std::collections::BTreeSet;

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use reqwest::Method;
use serde_json::{Value, json};

use super::{TRACE, TRACE_ID, exporting, register};
use crate::support::app::{Login, PASSWORD};
use crate::support::collector::{Collector, Manner, Taken, hex};
use crate::support::process::{finish, signal};
use crate::support::{Backend, both_backends, environment, rabbit, redis};

/// The parent that the client names, and nothing else of the trace.
const CLIENT: [u8; 8] = [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7];

fn one<'a>(spans: &'a [Taken], name: &str) -> &'a Taken {
    let found: Vec<_> = spans.iter().filter(|taken| taken.name() == name).collect();
    let [one] = found[..] else { panic!("{} × {name} in {:?}", found.len(), names(spans)) };
    one
}

fn names(spans: &[Taken]) -> Vec<&str> {
    spans.iter().map(Taken::name).collect()
}

both_backends! {
    async fn a_trace_of_a_client_is_one_trace_through_http_events_and_mail(backend: Backend) {
        let collector = Collector::start(Manner::Takes).await;
        let mut installation = exporting(backend, &collector.endpoint).await.set("OTEL_SERVICE_NAME", "accounts");
        let broker = match (backend, rabbit::look().await) {
            (Backend::Sqlite, _) => None,
            (Backend::Postgres, Ok(())) => Some(rabbit::Namespace::shared()),
            (Backend::Postgres, Err(missing)) => {
                environment::lessen(missing);
                None
            }
        };
        if let Some(broker) = &broker {
            installation = broker.carries_for(installation);
        }
        let serving = installation.serve();
        serving.ready().await;
        let user = register(&serving.client, "ada", Some(TRACE)).await;
        // Handlers run in the server on the embedded database, and in a worker elsewhere.
        let worker = (backend == Backend::Postgres).then(|| installation.start(&["consume"]));
        let publish = broker.as_ref().map(|broker| format!("publish {}", broker.exchange()));
        let last = ["handle mail", "handle audit", "send mail"].into_iter().chain(publish.as_deref());
        let last: Vec<&str> = last.collect();
        let all = |taken: &Vec<Taken>| last.iter().all(|name| taken.iter().any(|taken| taken.name() == *name));
        collector.until(all).await;
        serving.terminate();
        serving.ended().expect(0);
        if let Some(worker) = worker {
            signal(worker.id(), "TERM");
            finish(worker).expect(0);
        }

        let spans: Vec<_> = collector.taken().into_iter().filter(|taken| taken.trace() == TRACE_ID).collect();
        let request = one(&spans, "POST /api/v1/auth/register");
        assert_eq!((&*request.span.parent_span_id, request.span.kind()), (&CLIENT[..], SpanKind::Server));
        for (name, value) in [
            ("http.request.method", "POST"),
            ("http.route", "/api/v1/auth/register"),
            ("http.response.status_code", "201"),
            ("url.path", "/api/v1/auth/register"),
            ("url.scheme", "http"),
        ] {
            assert_eq!(request.attributes[name], value, "{name}");
        }
        assert_eq!(request.resource["service.name"], "accounts");
        let system = if backend == Backend::Sqlite { "sqlite" } else { "postgresql" };
        for name in ["unit_of_work.begin", "users.insert", "outbox.append", "unit_of_work.commit"] {
            let span = spans.iter().find(|taken| taken.name() == name && taken.is_below(request));
            let span = span.unwrap_or_else(|| panic!("no {name} in {:?}", names(&spans)));
            assert_eq!((&*span.attributes["db.system.name"], span.span.kind()), (system, SpanKind::Client));
        }
        for name in ["wait for password pool", "hash password"] {
            let span = one(&spans, name);
            assert!(span.is_below(request) && span.span.kind() == SpanKind::Internal, "{span:?}");
        }
        if let Some(publish) = &publish {
            let publish = one(&spans, publish);
            assert!(publish.is_below(request) && publish.span.kind() == SpanKind::Producer, "{publish:?}");
            assert_eq!(publish.attributes["svc.event.type"], "svc.user.registered.v1");
        }
        let handle = one(&spans, "handle mail");
        assert!(handle.is_below(request) && handle.span.kind() == SpanKind::Consumer, "{handle:?}");
        assert!(one(&spans, "handle audit").is_below(request));
        let mail = one(&spans, "send mail");
        assert!(mail.is_below(handle) && mail.span.kind() == SpanKind::Client, "{mail:?}");

        assert_shape(&spans);
        assert_discretion(&collector.taken(), &user);
    }
}

#[tokio::test]
async fn a_span_has_the_beginning_of_a_long_path() {
    let collector = Collector::start(Manner::Takes).await;
    let installation = exporting(Backend::Sqlite, &collector.endpoint).await;
    let serving = installation.serve();
    serving.client.get(&format!("/{}", "x".repeat(1000)), None).await.expect(404);
    let is_it = |taken: &Taken| taken.attributes.get("url.path").is_some_and(|path| path.starts_with("/xx"));
    collector.until(|taken| taken.iter().any(is_it)).await;
    let spans = collector.taken();
    assert_eq!(spans.iter().find(|taken| is_it(taken)).unwrap().attributes["url.path"].len(), 256);
    serving.terminate();
    serving.ended().expect(0);
}

#[test]
fn a_command_of_redis_is_below_its_request() {
    redis::run(async || {
        let (collector, cache) = (Collector::start(Manner::Takes).await, redis::Namespace::shared());
        let installation = exporting(Backend::Postgres, &collector.endpoint).await;
        let installation = installation
            .set("SVC_CACHE__URL", &cache.redis.url)
            .set("SVC_CACHE__NAMESPACE", &cache.name)
            .set("SVC_CACHE__TIMEOUT", "10s");
        let mut serving = installation.serve();
        serving.logged("shared cache connected");
        serving.ready().await;
        register(&serving.client, "ada", None).await;
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        let login = Login::of(&serving.client.post("/api/v1/auth/login", &body).await.expect(200));
        let request = serving.client.request(Method::GET, "/api/v1/users/me").bearer_auth(&login.access);
        serving.client.answer(request.header("traceparent", TRACE)).await.expect(200);
        serving.terminate();
        serving.ended().expect(0);
        let spans: Vec<_> = collector.taken().into_iter().filter(|taken| taken.trace() == TRACE_ID).collect();
        let request = one(&spans, "GET /api/v1/users/me");
        for name in ["GET", "EVALSHA put"] {
            let command = spans.iter().find(|taken| taken.name() == name && taken.is_below(request));
            let command = command.unwrap_or_else(|| panic!("no {name} in {:?}", names(&spans)));
            assert_eq!(
                (&*command.attributes["db.system.name"], command.span.kind()),
                ("redis", SpanKind::Client)
            );
        }
    });
}

/// Ids are unique, no span ends before it begins, and each parent is a span of the trace or the client's.
fn assert_shape(spans: &[Taken]) {
    let ids: BTreeSet<_> = spans.iter().map(|taken| &taken.span.span_id).collect();
    assert_eq!(ids.len(), spans.len());
    for Taken { span, .. } in spans {
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano, "{span:?}");
        assert!(span.parent_span_id == CLIENT || ids.contains(&span.parent_span_id), "{span:?}");
        assert_eq!(span.status.as_ref().map(|status| status.code), None, "{span:?}");
    }
}

/// Nothing in a span is about a person but the id of an event.
fn assert_discretion(spans: &[Taken], user: &Value) {
    for taken in spans {
        let text = format!("{taken:?}");
        for secret in ["ada@", "example.com", PASSWORD, user["id"].as_str().unwrap()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        // As a value, the address of the client. The id of a mail has the host of the service in it.
        assert!(taken.attributes.values().all(|value| !value.starts_with("127.0.0.1")), "{text}");
    }
}

both_backends! {
    async fn external_consumers_continue_the_trace_below_the_message(backend: Backend) {
        if backend == Backend::Sqlite {
            return;
        }
        if let Err(missing) = rabbit::look().await {
            return environment::lessen(missing);
        }
        let (collector, broker) = (Collector::start(Manner::Takes).await, rabbit::Namespace::shared());
        let installation = broker.carries_for(exporting(backend, &collector.endpoint).await);
        let serving = installation.serve();
        serving.ready().await;
        let admin = broker.admin().await;
        // The service declares the exchange before it publishes.
        let warm_up = format!("publish {}", broker.exchange());
        register(&serving.client, "warm", None).await;
        collector.until(|taken| taken.iter().any(|taken| taken.name() == warm_up)).await;
        let registered = admin.bind(&broker.exchange(), "user.registered").await;
        register(&serving.client, "ada", Some(TRACE)).await;
        let publish = |taken: &Taken| taken.name() == warm_up && taken.trace() == TRACE_ID;
        let spans = collector.until(|taken| taken.iter().any(publish)).await;
        let publish = spans.into_iter().find(publish).unwrap();
        let message = admin.get(&registered).await.unwrap();
        let headers = message.properties.headers().as_ref().unwrap().inner();
        let header = |name: &str| match headers.get(name) {
            Some(lapin::types::AMQPValue::LongString(text)) => text.to_string(),
            other => panic!("{name}: {other:?}"),
        };
        let id = hex(&publish.span.span_id);
        assert_eq!(header("traceparent"), format!("00-{TRACE_ID}-{id}-01"));
        // The event is where the request was, whatever carries it.
        let parent = hex(&publish.span.parent_span_id);
        assert_eq!(header("cloudEvents:traceparent"), format!("00-{TRACE_ID}-{parent}-01"));
    }
}
