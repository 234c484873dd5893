use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};
use std::sync::Arc;

use super::queue::SpanQueue;
use super::sampler::Sampler;
use super::span::{EndedSpan, Kind, Name, Span};
use crate::config::TraceSampler;
use crate::domain::{Cause, TraceParent, TraceState};
use crate::ports::{Clock, Ids};

/// Begins the spans that have no parent in this process. Off by default. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tracer(Option<Arc<Recorder>>);

/// Where spans begin and end while traces are on.
pub(super) struct Recorder {
    sampler: Sampler,
    queue: Arc<SpanQueue>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// The place of a span in its trace: the trace, the parent, whether that is in another process, the state.
pub(super) type Place = (u128, Option<u64>, bool, Option<TraceState>);

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("sampler", &self.sampler).finish_non_exhaustive()
    }
}

impl Tracer {
    /// A tracer whose spans go to this queue.
    #[must_use]
    pub fn new(
        sampler: TraceSampler,
        queue: Arc<SpanQueue>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self(Some(Arc::new(Recorder { sampler: Sampler::new(sampler), queue, clock, ids })))
    }

    /// Begins a span in the trace of a cause, or in a new one, and moves the cause to the place of the span,
    /// so that what follows from it is below the span. Does nothing while traces are off.
    pub fn begin<N: Into<Name>>(&self, kind: Kind, name: impl FnOnce() -> N, cause: &mut Cause) -> Span {
        let Some(recorder) = &self.0 else { return Span::default() };
        let parent = cause.trace;
        let trace = parent.map_or_else(|| recorder.new_trace(), |parent| parent.trace());
        let (id, is_recorded) = (recorder.new_id(), recorder.sampler.takes(trace, parent));
        cause.trace = match parent {
            Some(parent) => Some(parent.at(id, is_recorded)),
            None => NonZeroU128::new(trace).map(|trace| TraceParent::new(trace, id, is_recorded)),
        };
        if !is_recorded {
            return Span::default();
        }
        let place = (trace, parent.map(|parent| parent.span()), parent.is_some(), cause.state.clone());
        recorder.begin(kind, name().into(), place, id)
    }
}

impl Recorder {
    pub(super) fn begin(self: &Arc<Self>, kind: Kind, name: Name, place: Place, id: NonZeroU64) -> Span {
        let (trace, parent, has_remote_parent, state) = place;
        let began = self.clock.now();
        Span::begin(
            self.clone(),
            EndedSpan {
                trace,
                id: id.get(),
                parent,
                has_remote_parent,
                state,
                name,
                kind,
                began,
                ended: began,
                attributes: Vec::new(),
                failed: false,
            },
        )
    }

    pub(super) fn end(&self, span: EndedSpan) {
        self.queue.push(span);
    }

    fn new_trace(&self) -> u128 {
        self.ids.uuid().as_u128()
    }

    /// The last 62 bits of an id are random; the two before them are constant and not zero.
    pub(super) fn new_id(&self) -> NonZeroU64 {
        let (_, last) = self.ids.uuid().as_u64_pair();
        NonZeroU64::new(last).unwrap_or(NonZeroU64::MIN)
    }
}
