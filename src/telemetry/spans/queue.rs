use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::ended::EndedSpan;
use crate::telemetry::metrics::TraceCounts;

/// Ended spans that wait to be exported. It is bounded, and no work ever waits for room in it: a span that
/// finds it full is dropped and counted.
pub struct SpanQueue {
    waiting: Mutex<Waiting>,
    /// The most spans that wait.
    most: usize,
    /// The most spans that are exported together.
    batch: usize,
    /// The first span came, or enough for a batch, or the queue was closed.
    changed: Notify,
    closed: Notify,
    counts: Arc<TraceCounts>,
}

#[derive(Default)]
struct Waiting {
    spans: VecDeque<EndedSpan>,
    is_closed: bool,
}

impl SpanQueue {
    /// An empty queue. `batch` is at most `most`.
    #[must_use]
    pub fn new(most: usize, batch: usize, counts: Arc<TraceCounts>) -> Self {
        let (changed, closed) = (Notify::new(), Notify::new());
        Self { waiting: Mutex::default(), most, batch, changed, closed, counts }
    }

    /// Adds a span, or drops it.
    pub(super) fn push(&self, span: EndedSpan) {
        let mut waiting = self.lock();
        let is_full = waiting.spans.len() >= self.most;
        if is_full || waiting.is_closed {
            let dropped = if is_full { &self.counts.queue_full } else { &self.counts.stopped };
            dropped.add(1);
            return;
        }
        waiting.spans.push_back(span);
        let count = waiting.spans.len();
        drop(waiting);
        if count == 1 || count == self.batch {
            self.changed.notify_one();
        }
    }

    /// Waits for the next batch: until there are enough spans for one, or until the first has waited for the
    /// delay. Returns `None` once the queue is closed and empty.
    pub async fn next(&self, delay: Duration) -> Option<Vec<EndedSpan>> {
        let mut waited = false;
        loop {
            {
                let mut waiting = self.lock();
                let count = waiting.spans.len();
                if count >= self.batch || count > 0 && (waited || waiting.is_closed) {
                    return Some(waiting.spans.drain(..count.min(self.batch)).collect());
                }
                if waiting.is_closed {
                    return None;
                }
                waited = count > 0;
            }
            tokio::select! {
                () = self.changed.notified() => waited = false,
                () = sleep(delay), if waited => {}
            }
        }
    }

    /// Takes no more spans. What waits is still exported.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_one();
        self.closed.notify_one();
    }

    /// Waits until the queue is closed. For one caller at a time.
    pub async fn closed(&self) {
        if !self.is_closed() {
            self.closed.notified().await;
        }
    }

    /// Whether the queue was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Drops what waits, and returns the number.
    #[must_use]
    pub fn give_up(&self) -> u64 {
        std::mem::take(&mut self.lock().spans).len() as u64
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::domain::Timestamp;
    use crate::telemetry::spans::Kind;

    fn span(id: u64) -> EndedSpan {
        let at = Timestamp::from_micros(0).unwrap();
        EndedSpan {
            trace: 1,
            id,
            parent: None,
            has_remote_parent: false,
            state: None,
            name: "span".into(),
            kind: Kind::Internal,
            began: at,
            ended: at,
            attributes: Vec::new(),
            failed: false,
        }
    }

    fn queue(most: usize, batch: usize) -> (SpanQueue, Arc<TraceCounts>) {
        let counts = Arc::<TraceCounts>::default();
        (SpanQueue::new(most, batch, counts.clone()), counts)
    }

    fn ids(spans: Option<Vec<EndedSpan>>) -> Vec<u64> {
        spans.unwrap().iter().map(|span| span.id).collect()
    }

    #[tokio::test]
    async fn a_full_queue_drops_and_counts_the_newest() {
        let (queue, counts) = queue(3, 2);
        (1..=5).for_each(|id| queue.push(span(id)));
        assert_eq!(counts.dropped(), [("queue_full", 2), ("refused", 0), ("stopped", 0)]);
        assert_eq!(ids(queue.next(Duration::MAX).await), [1, 2]);
        queue.push(span(6));
        assert_eq!((counts.all_dropped(), ids(queue.next(Duration::MAX).await)), (2, vec![3, 6]));
    }

    #[tokio::test(start_paused = true)]
    async fn fewer_spans_than_a_batch_wait_for_the_delay() {
        let (queue, _) = queue(10, 2);
        queue.push(span(1));
        assert!(queue.next(Duration::from_hours(1)).now_or_never().is_none());
        assert_eq!(ids(queue.next(Duration::from_hours(1)).await), [1]);
        // A batch that fills in the meantime does not wait for it.
        let waiting = async {
            let began = tokio::time::Instant::now();
            let spans = queue.next(Duration::from_hours(1)).await;
            (ids(spans), began.elapsed())
        };
        let filling = async {
            queue.push(span(2));
            tokio::task::yield_now().await;
            queue.push(span(3));
        };
        let ((spans, took), ()) = tokio::join!(waiting, filling);
        assert_eq!((spans, took), (vec![2, 3], Duration::ZERO));
    }

    #[tokio::test]
    async fn a_closed_queue_gives_what_it_has_and_takes_no_more() {
        let (queue, counts) = queue(10, 2);
        (1..=3).for_each(|id| queue.push(span(id)));
        assert!(queue.closed().now_or_never().is_none());
        queue.close();
        queue.closed().await;
        queue.push(span(4));
        assert_eq!(counts.dropped()[2], ("stopped", 1));
        assert_eq!(ids(queue.next(Duration::MAX).await), [1, 2]);
        assert_eq!(ids(queue.next(Duration::MAX).await), [3]);
        assert_eq!(queue.next(Duration::MAX).await, None);
        assert_eq!(queue.give_up(), 0);
    }
}
