use tokio::task::futures::TaskLocalFuture;
use tracing::Instrument as _;
use tracing::instrument::Instrumented;

use crate::ports::events::StoredEvent;
use crate::telemetry::spans::{Kind, Recording, Span, Tracer};
use crate::telemetry::trace;

/// Runs the reaction to an event: what it causes has the cause of the event, and its log lines name both.
/// Its spans are below that of the event, where the current task records one.
pub(in crate::worker) fn handling<F: Future>(
    event: &StoredEvent,
    work: F,
) -> Instrumented<TaskLocalFuture<trace::Work, F>> {
    let recording = trace::recording().and_then(|recording| recording.of(&event.cause));
    handling_within(event, recording, work)
}

/// Runs the reaction to an event as [`handling`] does, below this span.
pub(in crate::worker) fn handling_within<F: Future>(
    event: &StoredEvent,
    recording: Option<Recording>,
    work: F,
) -> Instrumented<TaskLocalFuture<trace::Work, F>> {
    let span = tracing::info_span!(
        "event",
        event_id = %event.id,
        event_type = event.type_name,
        request_id = event.cause.request.map(tracing::field::display),
        trace_id = event.cause.trace.map(|trace| trace.trace_id()),
    );
    trace::recorded(event.cause.clone(), recording, work).instrument(span)
}

/// Begins the span of an attempt of a handler, and moves the cause of the event below it.
pub(in crate::worker) fn begin_span(
    tracer: &Tracer,
    handler: &'static str,
    event: &mut StoredEvent,
    attempt: u32,
) -> Span {
    let mut span = tracer.begin(Kind::Consumer, || format!("handle {handler}"), &mut event.cause);
    span.set("messaging.operation.name", || "handle");
    span.set("messaging.operation.type", || "process");
    span.set("messaging.destination.subscription.name", || handler);
    span.set("messaging.message.id", || event.id.to_string());
    span.set("svc.event.type", || event.type_name.clone());
    span.set("svc.attempt", || i64::from(attempt));
    span
}
