use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};
use std::sync::Arc;

use super::ended::EndedSpan;
use super::queue::SpanQueue;
use crate::domain::Timestamp;
use crate::ports::{Clock, Ids};

/// Where spans begin and end while traces are on.
pub(super) struct Recorder {
    queue: Arc<SpanQueue>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    pub(super) fn new(queue: Arc<SpanQueue>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { queue, clock, ids }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn end(&self, span: EndedSpan) {
        self.queue.push(span);
    }

    /// All bits are random: other systems choose the traces that they record by some of them.
    pub(super) fn new_trace(&self) -> NonZeroU128 {
        NonZeroU128::new(u128::from_be_bytes(self.ids.salt().0)).unwrap_or(NonZeroU128::MIN)
    }

    /// The second half of an id, which has a counter and random bits, and is not zero.
    pub(super) fn new_id(&self) -> NonZeroU64 {
        let (_, last) = self.ids.uuid().as_u64_pair();
        NonZeroU64::new(last).unwrap_or(NonZeroU64::MIN)
    }
}
