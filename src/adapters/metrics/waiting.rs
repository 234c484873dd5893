use crate::ports::events::Backlog;
use crate::ports::store::RequestBacklog;

/// The backlog of events, and that of each queue of requests.
#[derive(Clone)]
pub(super) struct Waiting {
    pub events: Backlog,
    pub requests: Vec<RequestBacklog>,
}
