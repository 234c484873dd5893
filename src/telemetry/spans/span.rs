use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use super::tracer::Recorder;
use crate::domain::{Cause, Timestamp, TraceParent, TraceState};

/// The name of a span.
pub type Name = Cow<'static, str>;

/// The role of a span in its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Work within the process.
    Internal,
    /// The answer to a request of another process.
    Server,
    /// A request to another process.
    Client,
    /// A message for other processes.
    Producer,
    /// The reaction to a message.
    Consumer,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(Cow<'static, str>),
    /// A whole number.
    Number(i64),
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A span that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSpan {
    /// The id of the trace.
    pub trace: u128,
    /// The id of the span.
    pub id: u64,
    /// The id of the span that caused it, if one did.
    pub parent: Option<u64>,
    /// Whether that span is one of another process.
    pub has_remote_parent: bool,
    /// What the systems of the trace say about it.
    pub state: Option<TraceState>,
    /// The name.
    pub name: Name,
    /// The role.
    pub kind: Kind,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// The attributes, with the names of the semantic conventions of OpenTelemetry.
    pub attributes: Vec<(&'static str, Value)>,
    /// Whether the work failed.
    pub failed: bool,
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
    /// Begins a span. Its end is not known yet.
    pub(super) fn begin(recorder: Arc<Recorder>, span: EndedSpan) -> Self {
        Self(Some(Box::new(Open { recorder, span, began: Instant::now() })))
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
        recorder.begin(kind, name.into(), (*trace, Some(*id), false, state.clone()), recorder.new_id())
    }
}
