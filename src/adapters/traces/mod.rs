//! Traces for a collector: OTLP over HTTP, in protobuf.
//!
//! **Here**: the thread that sends ended spans ([`TraceExporter`]), their form in OTLP (`message`), the
//! connection to the collector (`collector`), and how `svc doctor` asks it (`inspect`). [Decision
//! 32](../../../docs/decisions/0032-spans-leave-by-a-thread-of-their-own.md) says why none of it waits.
//!
//! **May use**: `domain`, `ports`, `telemetry`, `tasks`, opentelemetry-proto, hyper and rustls.

mod collector;
mod exporter;
mod inspect;
mod message;

pub use collector::CollectorSettings;
pub use exporter::{ExportSettings, TraceExporter};
