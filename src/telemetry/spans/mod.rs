//! The spans of traces: what took how long, for a request or an event.
//!
//! **Here**: a span while it is open (`span`) and when it has ended (`ended`), the choice of the traces that
//! are recorded (`sampler`), the beginning of spans ([`Tracer`]), and the queue in front of the exporter
//! ([`SpanQueue`]). `adapters/traces` sends them to a collector.
//!
//! **May use**: `domain`, `ports`, the settings of traces.
//!
//! **To record one**: `trace::span(Kind::Client, || name)` where the work begins; it ends when it is dropped.
//! A span that begins in another process, or that starts a trace, is begun by the [`Tracer`] of the
//! container.
//!
//! While traces are off, a span is an empty value: it costs one look at the current task and allocates
//! nothing.

mod ended;
mod queue;
mod recorder;
mod sampler;
mod span;
mod tracer;

pub use ended::{EndedSpan, Kind, Name, Value};
pub use queue::SpanQueue;
pub use span::{Recording, Span};
pub use tracer::Tracer;
