use super::{exporting, register};
use crate::support::certificates::certificates;
use crate::support::collector::{Collector, Manner};
use crate::support::process::{Ran, Serving};
use crate::support::{Backend, both_backends, environment};

/// The line with the number of dropped spans, which the stop leaves.
fn dropped(ran: &Ran) -> u64 {
    let line = ran.stderr.lines().find(|line| line.contains("spans dropped since"));
    let line: serde_json::Value = serde_json::from_str(line.unwrap_or("{}")).unwrap();
    line["dropped"].as_u64().unwrap_or(0)
}

/// Stops it. The last spans of a collector without an answer may take two seconds, and a busy machine longer.
fn stop(serving: Serving) -> Ran {
    serving.terminate();
    serving.ended().expect(0)
}

/// The number of lines about failed exports.
fn warnings(ran: &Ran) -> usize {
    ran.stderr.lines().filter(|line| line.contains("spans not exported")).count()
}

both_backends! {
    async fn a_collector_that_is_away_disturbs_nothing(backend: Backend) {
        // Nothing listens at the port of a socket that is bound only.
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        drop(socket);
        let installation = exporting(backend, &format!("http://{address}")).await;
        let mut serving = installation.serve();
        serving.ready().await;
        register(&serving.client, "ada", None).await;
        let line = serving.logged("spans not exported");
        assert_eq!(line["endpoint"], format!("http://{address}/v1/traces"));
        register(&serving.client, "bob", None).await;
        let ran = stop(serving);
        assert_eq!(warnings(&ran), 1, "{}", ran.stderr);
        assert!(dropped(&ran) > 0, "{}", ran.stderr);
    }

    async fn a_collector_that_never_answers_holds_up_neither_requests_nor_the_stop(backend: Backend) {
        let collector = Collector::start(Manner::IsSilent).await;
        // An answer may take an hour. The stop does not wait for it.
        let installation = exporting(backend, &collector.endpoint).await;
        let installation = installation
            .set("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000")
            .set("OTEL_BSP_EXPORT_TIMEOUT", "3600000")
            .set("OTEL_BSP_MAX_QUEUE_SIZE", "4")
            .set("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1");
        let serving = installation.serve();
        serving.ready().await;
        // The first batch hangs, and the queue is full after four more spans.
        collector.requests(1).await;
        for name in ["ada", "bob", "cleo"] {
            register(&serving.client, name, None).await;
        }
        let ran = stop(serving);
        assert!(dropped(&ran) > 4, "{}", ran.stderr);
    }

    async fn an_outage_is_logged_once_and_its_end_too(backend: Backend) {
        let collector = Collector::start(Manner::Answers(503)).await;
        let installation = exporting(backend, &collector.endpoint).await;
        let mut serving = installation.serve();
        serving.ready().await;
        let line = serving.logged("spans not exported");
        assert_eq!(line["reason"], "the collector answered 503 Service Unavailable");
        collector.requests(2).await;
        collector.now(Manner::Takes);
        serving.logged("spans exported again");
        register(&serving.client, "ada", None).await;
        collector.until(|taken| taken.iter().any(|taken| taken.name() == "POST /api/v1/auth/register")).await;
        // The batch that was refused at first has arrived too.
        assert!(collector.taken().iter().any(|taken| taken.name().starts_with("GET /health")));
        let ran = stop(serving);
        assert_eq!((warnings(&ran), dropped(&ran)), (1, 0), "{}", ran.stderr);
    }

    async fn spans_that_the_collector_refuses_are_counted_and_not_sent_again(backend: Backend) {
        let collector = Collector::start(Manner::Answers(401)).await;
        let installation = exporting(backend, &collector.endpoint).await;
        let mut serving = installation.serve();
        serving.client.get("/health/live", None).await.expect(200);
        let line = serving.logged("spans not exported");
        assert_eq!(line["reason"], "the collector answered 401 Unauthorized");
        let ran = stop(serving);
        assert!(dropped(&ran) >= 1, "{}", ran.stderr);
    }
}

/// Over https, with a certificate that the system does not trust.
// The collector answers while the test waits for a line of the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_collector_is_trusted_by_the_authority_that_the_variable_names() {
    if environment::program("openssl").is_none() {
        return environment::skip("openssl is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let collector = Collector::start_encrypted(Manner::Takes, folder.path()).await;
    let installation = exporting(Backend::Sqlite, &collector.endpoint).await;
    let mut serving = installation.serve();
    serving.ready().await;
    let line = serving.logged("spans not exported");
    assert!(line["reason"].as_str().unwrap().contains("certificate"), "{line}");
    stop(serving);
    assert_eq!(collector.taken().len(), 0);

    let ca = folder.path().join("ca.pem");
    let installation = exporting(Backend::Sqlite, &collector.endpoint).await;
    let installation = installation.set("OTEL_EXPORTER_OTLP_CERTIFICATE", ca.to_str().unwrap());
    let serving = installation.serve();
    serving.ready().await;
    collector.until(|taken| !taken.is_empty()).await;
    assert_eq!(warnings(&stop(serving)), 0);
}
