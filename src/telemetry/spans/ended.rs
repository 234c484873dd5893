use std::borrow::Cow;

use crate::domain::{Timestamp, TraceState};

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
