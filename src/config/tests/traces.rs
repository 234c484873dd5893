use std::time::Duration;

use secrecy::ExposeSecret;

use super::Place;
use crate::config::{TraceSampler, TraceSettings};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

fn on() -> Place {
    Place::default().variable(ENDPOINT, "http://collector:4318")
}

fn traces(place: &Place) -> TraceSettings {
    place.settings().traces.expect("traces are off")
}

#[test]
fn traces_are_off_until_a_variable_says_where_they_go() {
    for place in [
        Place::default(),
        Place::default().variable("OTEL_SERVICE_NAME", "x").variable("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        Place::default().variable(ENDPOINT, ""),
        Place::default().variable("OTEL_TRACES_EXPORTER", "none"),
        on().variable("OTEL_TRACES_EXPORTER", "none"),
        on().variable("OTEL_SDK_DISABLED", "TRUE").variable("OTEL_TRACES_SAMPLER", "wrong"),
    ] {
        assert!(place.settings().traces.is_none());
    }
    let on = traces(&Place::default().variable("OTEL_TRACES_EXPORTER", "otlp"));
    assert_eq!(on.endpoint, "http://localhost:4318/v1/traces");
    assert!(on_without(&["OTEL_SDK_DISABLED=false"]).endpoint.contains("collector"));
}

fn on_without(pairs: &[&str]) -> TraceSettings {
    traces(&pairs.iter().fold(on(), |place, pair| {
        let (name, value) = pair.split_once('=').unwrap();
        place.variable(name, value)
    }))
}

#[test]
fn the_endpoint_for_traces_is_the_whole_url() {
    for (name, value, expected) in [
        (ENDPOINT, "http://c:4318", "http://c:4318/v1/traces"),
        (ENDPOINT, "http://c:4318/", "http://c:4318/v1/traces"),
        (ENDPOINT, "https://c/otlp/", "https://c/otlp/v1/traces"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://c/otlp/", "https://c/otlp/"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://[::1]:1", "http://[::1]:1/"),
    ] {
        assert_eq!(traces(&Place::default().variable(name, value)).endpoint, expected);
    }
    let both = on().variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t/x");
    assert_eq!(traces(&both).endpoint, "http://t/x");
}

#[test]
fn values_have_the_defaults_of_the_specification() {
    let defaults = on_without(&[]);
    assert_eq!((defaults.timeout, defaults.delay), (Duration::from_secs(10), Duration::from_secs(5)));
    assert_eq!((defaults.queue_size, defaults.batch_size, defaults.gzip), (2048, 512, false));
    assert_eq!(defaults.sampler, TraceSampler { follows_parent: true, share: 1.0 });
    assert_eq!(defaults.resource, [("service.name".to_owned(), "svc".to_owned())]);
    let set = on_without(&[
        "OTEL_EXPORTER_OTLP_TIMEOUT=1",
        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=2500",
        "OTEL_BSP_MAX_QUEUE_SIZE=100",
        "OTEL_BSP_SCHEDULE_DELAY=7",
        "OTEL_EXPORTER_OTLP_COMPRESSION=gzip",
        "OTEL_EXPORTER_OTLP_HEADERS=a=1, b=x%20y",
        "OTEL_RESOURCE_ATTRIBUTES=service.name=other,k=a%2Cb",
        "OTEL_TRACES_SAMPLER=parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG=0.25",
    ]);
    assert_eq!((set.timeout, set.delay), (Duration::from_millis(2500), Duration::from_millis(7)));
    assert_eq!((set.queue_size, set.batch_size, set.gzip), (100, 100, true));
    assert_eq!(set.sampler, TraceSampler { follows_parent: true, share: 0.25 });
    let headers: Vec<_> = set.headers.iter().map(|(name, value)| (&**name, value.expose_secret())).collect();
    assert_eq!(headers, [("a", "1"), ("b", "x y")]);
    assert_eq!(set.resource[0], ("service.name".to_owned(), "other".to_owned()));
    assert_eq!(set.resource[1], ("k".to_owned(), "a,b".to_owned()));
    let named = on_without(&["OTEL_RESOURCE_ATTRIBUTES=service.name=other", "OTEL_SERVICE_NAME=accounts"]);
    assert_eq!(named.resource, [("service.name".to_owned(), "accounts".to_owned())]);
    let off = on_without(&["OTEL_TRACES_SAMPLER=always_off", "OTEL_TRACES_SAMPLER_ARG=0.5"]).sampler;
    assert_eq!(off, TraceSampler { follows_parent: false, share: 0.0 });
}

#[test]
fn a_wrong_value_names_its_variable_and_what_is_expected() {
    for (name, value, expected) in [
        (ENDPOINT, "collector:4318", "such as http://localhost:4318"),
        (ENDPOINT, "ftp://collector", "such as http://localhost:4318"),
        (ENDPOINT, "http://collector:4318/?key=sesame", "without a query"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://u:sesame@collector", "OTEL_EXPORTER_OTLP_HEADERS"),
        ("OTEL_TRACES_EXPORTER", "jaeger", "expected otlp"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf only"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", "http/protobuf only"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "expected gzip or none"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nonexistent/ca.pem", "failed to read the file"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "Cargo.toml", "expected a file with certificates in PEM"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "sesame", "expected name=value"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "k=sesame%0A", "expected name=value"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Content-Length=3", "expected name=value"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "from 1 to 3600000"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "0", "from 1 to 3600000"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "-1", "from 1 to 1000000"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096", "from 1 to 2048"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon", "from 1 to 3600000"),
        ("OTEL_TRACES_SAMPLER", "xray", "parentbased_traceidratio"),
        ("OTEL_RESOURCE_ATTRIBUTES", "name", "expected name=value"),
    ] {
        let reported = on().variable(name, value).refused();
        let line = format!("environment variable {name}: ");
        assert!(reported.contains(&line) && reported.contains(expected), "{reported}");
        assert!(!reported.contains("sesame") && reported.contains("has an error"), "{reported}");
    }
    for share in ["1.5", "-0.1", "NaN", "half"] {
        let sampler = on().variable("OTEL_TRACES_SAMPLER", "traceidratio");
        let reported = sampler.variable("OTEL_TRACES_SAMPLER_ARG", share).refused();
        assert!(reported.contains("from 0 to 1"), "{reported}");
    }
}

#[test]
fn the_variables_may_be_in_the_file_env_and_are_shown_without_secrets() {
    let file = format!("{ENDPOINT}=http://file:1\nOTEL_EXPORTER_OTLP_HEADERS=authorization=sesame\n");
    let place = Place::default().file(".env", &file);
    assert_eq!(traces(&place).endpoint, "http://file:1/v1/traces");
    let loaded = place.load();
    let shown: Vec<_> = loaded.explain().iter().filter(|row| row.key.starts_with("OTEL_")).collect();
    let keys: Vec<_> = shown.iter().map(|row| (&*row.key, &*row.value)).collect();
    let expected = [
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://file:1/v1/traces"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "[redacted]"),
    ];
    assert_eq!(keys, expected);
    assert!(shown[0].origin.contains(".env, line 1"), "{}", shown[0].origin);
    assert!(!format!("{loaded:?}").contains("sesame"));
    assert_eq!(traces(&place.variable(ENDPOINT, "http://process:2")).endpoint, "http://process:2/v1/traces");
}
