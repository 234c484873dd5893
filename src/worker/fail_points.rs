use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Points at which a test makes the process abort, as `kill -9` would.
///
/// Only debug builds have them. In a release build `reach` does nothing.
#[derive(Clone, Debug, Default)]
pub struct FailPoints(Option<Arc<Planned>>);

#[derive(Debug)]
struct Planned {
    place: String,
    /// Only with an event of this type.
    type_name: Option<String>,
    /// The number of times to pass the point before aborting.
    passes: AtomicU32,
}

impl FailPoints {
    /// Before a statement of a unit of work, or its commit.
    pub(crate) const WORK_STATEMENT: &str = "work.statement";
    /// After a unit of work was committed.
    pub(crate) const WORK_COMMITTED: &str = "work.committed";
    /// Before a statement that relays events again, or requeues dead letters.
    pub(crate) const REPLAY_STATEMENT: &str = "replay.statement";
    /// After events were claimed, before they are relayed.
    pub(super) const RELAY_CLAIMED: &str = "relay.claimed";
    /// After a broker confirmed events, before they are marked as relayed.
    pub(super) const RELAY_PUBLISHED: &str = "relay.published";
    /// After events were marked as relayed.
    pub(super) const RELAY_RECORDED: &str = "relay.recorded";
    /// After mail requests were claimed.
    pub(super) const MAIL_REQUESTS_CLAIMED: &str = "mail_requests.claimed";
    /// After a mail request was processed.
    pub(super) const MAIL_REQUEST_ANSWERED: &str = "mail_request.answered";
    /// After requests to register were claimed.
    pub(super) const REGISTRATIONS_CLAIMED: &str = "registrations.claimed";
    /// After a request to register was answered.
    pub(super) const REGISTRATION_ANSWERED: &str = "registration.answered";
    /// After a handler's side effect.
    pub(super) const HANDLER_ACTED: &str = "handler.acted";
    /// After messages from a broker are in the inbox, before they are acked.
    pub(super) const CONSUMER_DELIVERED: &str = "consumer.delivered";
    /// After a handler has run, before its effect is committed.
    pub(super) const HANDLER_DONE: &str = "handler.done";
    /// After a handler's effect was committed.
    pub(super) const HANDLER_COMMITTED: &str = "handler.committed";

    /// Parses `PLACE`, `PLACE:N` (the Nth time) or `PLACE@TYPE` (with an event of this type). A release build
    /// ignores the text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if !cfg!(debug_assertions) {
            return Self(None);
        }
        let (text, type_name) =
            text.split_once('@').map_or((text, None), |(place, kind)| (place, Some(kind)));
        let (place, nth) = text.split_once(':').unwrap_or((text, "1"));
        Self(Some(Arc::new(Planned {
            place: place.to_owned(),
            type_name: type_name.map(str::to_owned),
            passes: AtomicU32::new(nth.parse::<u32>().unwrap_or(1).saturating_sub(1)),
        })))
    }

    /// Whether a test has planned a point at which the process aborts.
    pub(crate) const fn is_planned(&self) -> bool {
        self.0.is_some()
    }

    /// Aborts the process if the planned point is reached.
    #[inline]
    pub(crate) fn reach(&self, place: &str, type_name: Option<&str>) {
        if let Some(planned) = self.0.as_ref().filter(|_| cfg!(debug_assertions)) {
            planned.reach(place, type_name);
        }
    }
}

impl Planned {
    fn reach(&self, place: &str, type_name: Option<&str>) {
        if self.place != place || self.type_name.as_deref().is_some_and(|wanted| type_name != Some(wanted)) {
            return;
        }
        let pass = |passes: u32| passes.checked_sub(1);
        if self.passes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, pass).is_err() {
            tracing::error!(place, "fail point reached, aborting the process");
            std::process::abort();
        }
    }
}
