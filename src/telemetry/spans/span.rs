use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Instant;

use super::ended::{EndedSpan, Kind, Name, Value};
use super::recorder::Recorder;
use crate::domain::{Cause, TraceParent, TraceState};

/// The place of a span in its trace.
pub(super) struct Place {
    pub trace: u128,
    pub id: NonZeroU64,
    pub parent: Option<u64>,
    /// Whether the parent is in another process.
    pub has_remote_parent: bool,
    pub state: Option<TraceState>,
}

/// A span while its work is done, or nothing: while traces are off, and in a trace that is not recorded. It
/// ends when it is dropped.
#[must_use = "a span ends when it is dropped"]
#[derive(Default)]
pub struct Span(Option<Box<Open>>);

struct Open {
    recorder: Arc<Recorder>,
    span: EndedSpan,
    began: Instant,
}

impl Span {
    /// Begins a span at a place in a trace.
    pub(super) fn begin(recorder: &Arc<Recorder>, kind: Kind, name: Name, place: Place) -> Self {
        let Place { trace, id, parent, has_remote_parent, state } = place;
        let at = recorder.now();
        let (attributes, failed) = (Vec::new(), false);
        let id = id.get();
        let span = EndedSpan {
            trace,
            id,
            parent,
            has_remote_parent,
            state,
            name,
            kind,
            began: at,
            ended: at,
            attributes,
            failed,
        };
        Self(Some(Box::new(Open { recorder: recorder.clone(), span, began: Instant::now() })))
    }

    /// Adds an attribute, which is computed only if the span is recorded.
    pub fn set<V: Into<Value>>(&mut self, key: &'static str, value: impl FnOnce() -> V) {
        if let Some(open) = &mut self.0 {
            open.span.attributes.push((key, value().into()));
        }
    }

    /// Adds a word to the name.
    pub fn extend_name(&mut self, word: &str) {
        if let Some(open) = &mut self.0 {
            open.span.name = format!("{} {word}", open.span.name).into();
        }
    }

    /// Records that the work failed. `kind` is the kind of failure, not its text, which may name a person.
    pub fn fail(&mut self, kind: &'static str) {
        self.set("error.type", || kind);
        if let Some(open) = &mut self.0 {
            open.span.failed = true;
        }
    }

    /// What its children need of it. `None` if it is not recorded.
    #[must_use]
    pub fn recording(&self) -> Option<Recording> {
        let Open { recorder, span, .. } = self.0.as_deref()?;
        Some(Recording {
            recorder: recorder.clone(),
            trace: span.trace,
            id: span.id,
            state: span.state.clone(),
        })
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(open) = self.0.take() {
            let Open { recorder, mut span, began } = *open;
            span.ended = span.began.plus(began.elapsed());
            recorder.end(span);
        }
    }
}

/// A recorded span as the parent of others in this process. It may go to another task or thread.
#[derive(Clone, Debug)]
pub struct Recording {
    recorder: Arc<Recorder>,
    trace: u128,
    id: u64,
    state: Option<TraceState>,
}

impl Recording {
    /// The span to which a cause was moved, if it is recorded.
    #[must_use]
    pub fn of(&self, cause: &Cause) -> Option<Self> {
        let place = cause.trace.filter(TraceParent::is_sampled)?;
        let (recorder, state) = (self.recorder.clone(), cause.state.clone());
        Some(Self { recorder, trace: place.trace(), id: place.span(), state })
    }

    /// Begins a child.
    pub fn span(&self, kind: Kind, name: impl Into<Name>) -> Span {
        let Self { recorder, trace, id, state } = self;
        let place = Place {
            trace: *trace,
            id: recorder.new_id(),
            parent: Some(*id),
            has_remote_parent: false,
            state: state.clone(),
        };
        Span::begin(recorder, kind, name.into(), place)
    }
}
