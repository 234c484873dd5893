//! What the current task works for: the request in progress, or the event being handled.
//!
//! It is the only value that passes from the middleware to the outbox without appearing in signatures: no use
//! case depends on it, and none can forget to pass it on. A spawned task does not inherit it.

use std::cell::Cell;

use tokio::task::futures::TaskLocalFuture;

use super::spans::{Kind, Name, Recording, Span};
use crate::domain::{Cause, SessionId, UserId};

tokio::task_local! {
    static CURRENT: Work;
}

/// What a task works for.
#[derive(Debug)]
pub struct Work {
    cause: Cause,
    caller: Cell<Option<Caller>>,
    recording: Option<Recording>,
}

/// The user and the session that a request was authenticated as, or that it opened or refreshed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
}

/// Runs a future for a cause.
pub fn within<F: Future>(cause: Cause, work: F) -> TaskLocalFuture<Work, F> {
    recorded(cause, None, work)
}

/// Runs a future for a cause. The spans that it begins are children of the recorded one.
pub fn recorded<F: Future>(cause: Cause, recording: Option<Recording>, work: F) -> TaskLocalFuture<Work, F> {
    CURRENT.scope(Work { cause, caller: Cell::new(None), recording }, work)
}

/// Begins a child of the span that the current task works for. Without one, it is empty.
pub fn span<N: Into<Name>>(kind: Kind, name: impl FnOnce() -> N) -> Span {
    let child = |work: &Work| work.recording.as_ref().map(|recording| recording.span(kind, name()));
    CURRENT.try_with(child).ok().flatten().unwrap_or_default()
}

/// The span that the current task works for, if it is recorded, for work on another thread.
#[must_use]
pub fn recording() -> Option<Recording> {
    CURRENT.try_with(|work| work.recording.clone()).ok().flatten()
}

/// Runs a future on another task, with the span of the current one as the parent of its spans.
pub fn aside<F: Future>(work: F) -> TaskLocalFuture<Work, F> {
    recorded(Cause::default(), recording(), work)
}

/// The cause of the current task.
#[must_use]
pub fn current() -> Cause {
    CURRENT.try_with(|work| work.cause.clone()).unwrap_or_default()
}

/// Notes for the log who the caller of the current task is.
pub fn identify(user: UserId, session: SessionId) {
    let caller = Some(Caller { user, session });
    // Outside a request there is no line to write it to.
    let _ = CURRENT.try_with(|work| work.caller.set(caller));
}

/// The caller of the current task, if it is known.
#[must_use]
pub fn caller() -> Option<Caller> {
    CURRENT.try_with(|work| work.caller.get()).ok().flatten()
}
