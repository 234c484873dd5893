use std::sync::Arc;

use super::ended::{Kind, Name};
use super::queue::SpanQueue;
use super::recorder::Recorder;
use super::sampler::Sampler;
use super::span::{Place, Span};
use crate::config::TraceSampler;
use crate::domain::{Cause, TraceParent};
use crate::ports::{Clock, Ids};

/// Begins the spans that have no parent in this process. Off by default. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tracer(Option<(Arc<Recorder>, Sampler)>);

impl Tracer {
    /// A tracer whose spans go to this queue.
    #[must_use]
    pub fn new(
        sampler: TraceSampler,
        queue: Arc<SpanQueue>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self(Some((Arc::new(Recorder::new(queue, clock, ids)), Sampler::new(sampler))))
    }

    /// Begins a span in the trace of a cause, or in a new one, and moves the cause to the place of the span,
    /// so that what follows from it is below the span. Does nothing while traces are off.
    pub fn begin<N: Into<Name>>(&self, kind: Kind, name: impl FnOnce() -> N, cause: &mut Cause) -> Span {
        let Some((recorder, sampler)) = &self.0 else { return Span::default() };
        let (parent, id) = (cause.trace, recorder.new_id());
        let (at, is_recorded) = if let Some(parent) = parent {
            let is_recorded = sampler.takes(parent.trace(), Some(parent));
            (parent.at(id, is_recorded), is_recorded)
        } else {
            let trace = recorder.new_trace();
            let is_recorded = sampler.takes(trace.get(), None);
            (TraceParent::new(trace, id, is_recorded), is_recorded)
        };
        cause.trace = Some(at);
        if !is_recorded {
            return Span::default();
        }
        let (parent, has_remote_parent) = (parent.map(|parent| parent.span()), parent.is_some());
        let place = Place { trace: at.trace(), id, parent, has_remote_parent, state: cause.state.clone() };
        Span::begin(recorder, kind, name().into(), place)
    }
}
