//! The trace of the current task: that of the request in progress, or of the event being handled.
//!
//! It is the only value that passes from the middleware to the outbox without appearing in signatures: no use
//! case depends on it, and none can forget to pass it on. A spawned task does not inherit it.

use tokio::task::futures::TaskLocalFuture;

use crate::domain::TraceParent;

tokio::task_local! {
    static CURRENT: Option<TraceParent>;
}

/// Runs a future in a trace, or in none.
pub fn within<F: Future>(parent: Option<TraceParent>, work: F) -> TaskLocalFuture<Option<TraceParent>, F> {
    CURRENT.scope(parent, work)
}

/// The trace of the current task.
#[must_use]
pub fn current() -> Option<TraceParent> {
    CURRENT.try_with(|parent| *parent).ok().flatten()
}
