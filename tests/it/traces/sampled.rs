use tokio::net::TcpListener;

use super::{TRACE, TRACE_ID, exporting, register};
use crate::support::collector::{Collector, Manner};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

const UNSAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

both_backends! {
    async fn without_a_variable_nothing_is_sent_and_nothing_is_logged_about_traces(backend: Backend) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let on = |name: &'static str| ("OTEL_EXPORTER_OTLP_ENDPOINT", name, endpoint.clone());
        let (none, disabled) = (on("OTEL_TRACES_EXPORTER"), on("OTEL_SDK_DISABLED"));
        for (endpoint, name, url) in [none, disabled] {
            let value = if name == "OTEL_SDK_DISABLED" { "true" } else { "none" };
            let installation = Installation::migrated(backend).await.set("SVC_LOG__FORMAT", "json");
            let installation = installation.set(endpoint, &url).set(name, value);
            let serving = installation.serve();
            serving.ready().await;
            register(&serving.client, "ada", Some(TRACE)).await;
            serving.terminate();
            let ran = serving.ended().expect(0);
            assert!(!ran.stderr.contains("traces are exported"), "{}", ran.stderr);
        }
        // A connection would be there by now: the stop sends what waits.
        let accepted = futures_util::future::FutureExt::now_or_never(listener.accept());
        assert!(accepted.is_none(), "{accepted:?}");
    }

    async fn a_trace_that_its_client_does_not_record_is_not_recorded_and_passed_on(backend: Backend) {
        let collector = Collector::start(Manner::Takes).await;
        let installation = exporting(backend, &collector.endpoint).await;
        let serving = installation.serve();
        serving.ready().await;
        register(&serving.client, "unsampled", Some(UNSAMPLED)).await;
        // A request without a trace begins one.
        register(&serving.client, "new", None).await;
        serving.terminate();
        serving.ended().expect(0);
        let spans = collector.taken();
        assert!(spans.iter().all(|taken| taken.trace() != TRACE_ID), "{spans:?}");
        let requests = spans.iter().filter(|taken| taken.name() == "POST /api/v1/auth/register");
        let requests: Vec<_> = requests.collect();
        assert_eq!(requests.len(), 1, "{spans:?}");
        assert!(requests[0].span.parent_span_id.is_empty());
        let stored = installation.texts("SELECT traceparent FROM outbox ORDER BY seq").await;
        assert!(stored[0].starts_with(&format!("00-{TRACE_ID}-")) && stored[0].ends_with("-00"), "{stored:?}");
        assert!(stored[1].starts_with(&format!("00-{}-", requests[0].trace())) && stored[1].ends_with("-01"));
    }

    async fn the_sampler_may_ignore_clients(backend: Backend) {
        let collector = Collector::start(Manner::Takes).await;
        let installation = exporting(backend, &collector.endpoint).await;
        let installation = installation.set("OTEL_TRACES_SAMPLER", "always_off");
        let serving = installation.serve();
        serving.ready().await;
        register(&serving.client, "ada", Some(TRACE)).await;
        serving.terminate();
        serving.ended().expect(0);
        assert!(collector.taken().is_empty());
        let stored = installation.texts("SELECT traceparent FROM outbox ORDER BY seq").await;
        assert!(stored[0].starts_with(&format!("00-{TRACE_ID}-")) && stored[0].ends_with("-00"), "{stored:?}");
    }
}

#[tokio::test]
async fn the_collector_gets_the_headers_at_the_path_of_the_endpoint() {
    let collector = Collector::start(Manner::Takes).await;
    let installation = exporting(Backend::Sqlite, &format!("{}/base/", collector.endpoint)).await;
    let installation = installation
        .set("OTEL_EXPORTER_OTLP_HEADERS", "x-key=two%20words,authorization=Bearer%20t")
        .set("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
        .set("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.name=other");
    let serving = installation.serve();
    serving.client.get("/health/live", None).await.expect(200);
    let (path, headers) = collector.requests(1).await.remove(0);
    assert_eq!(path, "/base/v1/traces");
    assert_eq!(
        (&headers["x-key"], &headers["authorization"]),
        (&"two words".parse().unwrap(), &"Bearer t".parse().unwrap())
    );
    assert_eq!(headers["content-type"], "application/x-protobuf");
    let spans = collector.until(|taken| !taken.is_empty()).await;
    assert_eq!(spans[0].name(), "GET /health/live");
    assert_eq!(spans[0].resource["service.name"], "other");
    assert_eq!(spans[0].resource["deployment.environment.name"], "test");
    serving.terminate();
    let ran = serving.ended().expect(0);
    assert!(!ran.stderr.contains("two words") && !ran.stderr.contains("Bearer"), "{}", ran.stderr);
}
