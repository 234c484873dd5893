//! In which trace the current task works: that of the request that is answered, or of the event that is handled.
//!
//! The one thing that goes from the edge to the outbox past all signatures between: no use case decides anything by it, and
//! none could forget to hand it on. Whatever is spawned as another task is outside.

use tokio::task::futures::TaskLocalFuture;

use crate::domain::TraceParent;

tokio::task_local! {
    static CURRENT: Option<TraceParent>;
}

/// Does work in a trace, or in none.
pub fn within<F: Future>(parent: Option<TraceParent>, work: F) -> TaskLocalFuture<Option<TraceParent>, F> {
    CURRENT.scope(parent, work)
}

/// The trace in which this is asked.
#[must_use]
pub fn current() -> Option<TraceParent> {
    CURRENT.try_with(|parent| *parent).ok().flatten()
}
