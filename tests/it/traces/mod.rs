//! Traces at a collector.
//!
//! **Here**: one trace from a client to its mail (`whole`), what is sampled and what is off (`sampled`), and
//! collectors that do not answer (`faults`).

mod faults;
mod sampled;
mod whole;

use serde_json::{Value, json};

use crate::support::Backend;
use crate::support::app::PASSWORD;
use crate::support::client::Client;
use crate::support::process::Installation;

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// An installation that exports to this endpoint at once.
async fn exporting(backend: Backend, endpoint: &str) -> Installation {
    let installation = Installation::migrated(backend).await.set("SVC_LOG__FORMAT", "json");
    installation.set("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).set("OTEL_BSP_SCHEDULE_DELAY", "1")
}

/// Registers a user, below this trace if there is one.
async fn register(client: &Client, name: &str, trace: Option<&str>) -> Value {
    let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    let request = client.request(reqwest::Method::POST, "/api/v1/auth/register").json(&body);
    let request = trace.into_iter().fold(request, |request, trace| request.header("traceparent", trace));
    client.answer(request).await.expect(201)
}
