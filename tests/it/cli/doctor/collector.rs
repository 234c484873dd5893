use super::{Examined, strong};
use crate::support::certificates::certificates;
use crate::support::collector::{Collector, Manner};
use crate::support::process::Installation;
use crate::support::{Backend, environment};

async fn exporting(endpoint: &str) -> Installation {
    strong(Installation::migrated(Backend::Sqlite).await).set("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_collector_of_traces_that_refuses_or_is_away() {
    let collector = Collector::start(Manner::Takes).await;
    let installation = exporting(&collector.endpoint).await;
    let examined = Examined::of(&installation, 0);
    assert_eq!(examined.bad(), [] as [String; 0], "{:#}", examined.0);
    examined.has("collector", "ok", "/v1/traces answers; no span was sent", "");
    assert_eq!((collector.requests(1).await.len(), collector.taken().len()), (1, 0));
    collector.now(Manner::Answers(401));
    Examined::of(&installation, 0).finds("collector", "warn", "answered 401", "OTEL_EXPORTER_OTLP_ENDPOINT");
    let away = exporting("http://127.0.0.1:1").await;
    Examined::of(&away, 0).finds(
        "collector",
        "warn",
        "http://127.0.0.1:1/v1/traces: ",
        "start the collector",
    );
    let off = away.set("OTEL_SDK_DISABLED", "true");
    assert!(
        Examined::of(&off, 0).0["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|found| found["check"] != "collector")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_collector_with_the_certificate_of_an_authority_of_its_own() {
    if environment::program("openssl").is_none() {
        return environment::skip("openssl is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let collector = Collector::start_encrypted(Manner::Takes, folder.path()).await;
    let installation = exporting(&collector.endpoint).await;
    let cure = "OTEL_EXPORTER_OTLP_CERTIFICATE";
    Examined::of(&installation, 0).finds("collector", "warn", "certificate", cure);
    let ca = folder.path().join("ca.pem");
    let trusting = installation.set(cure, ca.to_str().unwrap());
    Examined::of(&trusting, 0).has("collector", "ok", "answers", "");
}
