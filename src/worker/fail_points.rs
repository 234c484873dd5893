use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Places where a test has the process die on the spot, as `kill -9` would.
///
/// Only a debug build can be told to: in a release build there is nothing to tell, and `reach` is empty.
#[derive(Clone, Debug, Default)]
pub struct FailPoints(Option<Arc<Planned>>);

#[derive(Debug)]
struct Planned {
    place: String,
    /// Only with an event of this type.
    type_name: Option<String>,
    /// How often it is passed before.
    passes: AtomicU32,
}

impl FailPoints {
    /// After events were claimed, before they are handed on.
    pub(super) const RELAY_CLAIMED: &str = "relay.claimed";
    /// After a broker confirmed them, before they are marked.
    pub(super) const RELAY_PUBLISHED: &str = "relay.published";
    /// After they were marked.
    pub(super) const RELAY_SETTLED: &str = "relay.settled";
    /// After requests for mails were claimed.
    pub(super) const MAIL_REQUESTS_CLAIMED: &str = "mail_requests.claimed";
    /// After a request for a mail was answered.
    pub(super) const MAIL_REQUEST_ANSWERED: &str = "mail_request.answered";
    /// After a handler did what it does elsewhere.
    pub(super) const HANDLER_ACTED: &str = "handler.acted";
    /// After what a broker brought is in the inbox, before the broker may forget it.
    pub(super) const CONSUMER_DELIVERED: &str = "consumer.delivered";
    /// After a handler is done, before its effect is committed.
    pub(super) const HANDLER_DONE: &str = "handler.done";
    /// After it is committed.
    pub(super) const HANDLER_COMMITTED: &str = "handler.committed";

    /// Reads `PLACE`, `PLACE:N` (the Nth time) or `PLACE@TYPE` (with an event of this type). `None` in a release build,
    /// whatever is asked.
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

    /// Dies if this is the place and the time.
    #[inline]
    pub(super) fn reach(&self, place: &str, type_name: Option<&str>) {
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
            tracing::error!(place, "the process dies here, as it was told");
            std::process::abort();
        }
    }
}
