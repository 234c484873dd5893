//! What the current task works for: the request in progress, or the event being handled.
//!
//! It is the only value that passes from the middleware to the outbox without appearing in signatures: no use
//! case depends on it, and none can forget to pass it on. A spawned task does not inherit it.

use std::cell::Cell;

use tokio::task::futures::TaskLocalFuture;

use crate::domain::{Cause, SessionId, UserId};

tokio::task_local! {
    static CURRENT: Work;
}

/// What a task works for.
#[derive(Debug)]
pub struct Work {
    cause: Cause,
    caller: Cell<Option<Caller>>,
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
    CURRENT.scope(Work { cause, caller: Cell::new(None) }, work)
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
