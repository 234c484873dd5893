use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::collector::{Collector, CollectorSettings, Failure};
use super::message;
use crate::adapters::system::random;
use crate::tasks::Backoff;
use crate::telemetry::metrics::TraceCounts;
use crate::telemetry::spans::SpanQueue;

/// The first and the longest wait after a failed request.
const WAIT: Backoff = Backoff::new(Duration::from_secs(2), Duration::from_mins(1));
/// The longest wait that a collector may ask for.
const MOST_ASKED: Duration = Duration::from_mins(5);
/// How long the last spans may take at the stop of the process.
const LAST: Duration = Duration::from_secs(2);
/// How much longer the stop waits for the thread.
const MOMENT: Duration = Duration::from_millis(200);

/// How spans are exported.
#[derive(Clone, Debug)]
pub struct ExportSettings {
    /// The collector.
    pub collector: CollectorSettings,
    /// What the collector learns about this process.
    pub resource: Vec<(String, String)>,
    /// How long one request may take.
    pub timeout: Duration,
    /// The longest that a span waits for others.
    pub delay: Duration,
}

/// The thread that sends spans to the collector. It has a runtime of its own, so no request waits for it, and
/// nothing but the queue connects it with the rest of the process.
pub struct TraceExporter {
    queue: Arc<SpanQueue>,
    counts: Arc<TraceCounts>,
    ended: Mutex<Option<oneshot::Receiver<()>>>,
}

struct Exporting {
    settings: ExportSettings,
    collector: Collector,
    queue: Arc<SpanQueue>,
    counts: Arc<TraceCounts>,
    backoff: Backoff,
    /// When the last spans have to be sent, once the queue is closed.
    deadline: Option<Instant>,
}

/// Spans that are sent together.
struct Batch {
    body: Bytes,
    spans: u64,
}

impl TraceExporter {
    /// Starts the thread. It connects when the first spans have ended.
    pub fn start(
        settings: ExportSettings,
        queue: Arc<SpanQueue>,
        counts: Arc<TraceCounts>,
    ) -> io::Result<Self> {
        let collector = Collector::new(&settings.collector);
        let collector = collector.ok_or_else(|| io::Error::other("invalid endpoint of the collector"))?;
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (end, ended) = oneshot::channel();
        let exporting = Exporting {
            settings,
            collector,
            queue: queue.clone(),
            counts: counts.clone(),
            backoff: WAIT,
            deadline: None,
        };
        thread::Builder::new().name("svc-traces".to_owned()).spawn(move || {
            runtime.block_on(exporting.run());
            // The process may be gone.
            let _ = end.send(());
            // Not waiting for a look-up of a name.
            runtime.shutdown_background();
        })?;
        Ok(Self { queue, counts, ended: Mutex::new(Some(ended)) })
    }

    /// Takes no more spans, and sends those that wait, for two seconds at most.
    pub async fn close(&self) {
        self.queue.close();
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(ended) = ended {
            // The thread ends in time by itself, unless it gets no processor.
            let _ = timeout(LAST + MOMENT, ended).await;
        }
        let dropped = self.counts.all_dropped();
        if dropped > 0 {
            tracing::warn!(dropped, "spans dropped since the start of the process");
        }
    }
}

impl Exporting {
    async fn run(mut self) {
        while let Some(spans) = self.queue.next(self.settings.delay).await {
            let count = spans.len() as u64;
            let body = message::request(&self.settings.resource, spans);
            let batch = Batch { body: self.collector.pack(body), spans: count };
            if !self.deliver(&batch).await {
                self.counts.stopped.add(count + self.queue.give_up());
                return;
            }
        }
    }

    /// Sends a batch until the collector accepts or refuses it. Returns false if the process stops before.
    async fn deliver(&mut self, batch: &Batch) -> bool {
        loop {
            let sent = tokio::select! {
                sent = send(&mut self.collector, &batch.body, self.settings.timeout) => sent,
                () = overdue(&self.queue, &mut self.deadline) => return false,
            };
            match sent {
                Ok(refused) => {
                    let refused = refused.min(batch.spans);
                    self.counts.exported.add(batch.spans - refused);
                    self.counts.refused.add(refused);
                    if self.backoff.reset() {
                        tracing::info!(dropped = self.counts.all_dropped(), "spans exported again");
                    }
                    return true;
                }
                Err(Failure::ForGood(reason)) => {
                    self.counts.refused.add(batch.spans);
                    self.report(&reason);
                    self.pause(None).await;
                    return true;
                }
                Err(Failure::ForNow(..)) if self.queue.is_closed() => return false,
                Err(Failure::ForNow(reason, asked)) => {
                    self.report(&reason);
                    self.pause(asked).await;
                }
            }
        }
    }

    /// Logs the first failure after a success.
    fn report(&self, reason: &str) {
        if !self.backoff.is_failing() {
            let endpoint = &self.settings.collector.endpoint;
            tracing::warn!(endpoint, reason, "spans not exported, trying again from time to time");
        }
    }

    /// Waits after a failure, until the process stops at most.
    async fn pause(&mut self, asked: Option<Duration>) {
        let asked = asked.unwrap_or_default().min(MOST_ASKED);
        let wait = self.backoff.wait_at_least(asked, random::<1>()[0]);
        tokio::select! {
            () = sleep(wait) => {}
            () = self.queue.closed() => {}
        }
    }
}

/// Sends a body once. Returns how many of its spans the collector refused.
async fn send(collector: &mut Collector, body: &Bytes, limit: Duration) -> Result<u64, Failure> {
    if let Ok(sent) = timeout(limit, collector.send(body)).await {
        return sent;
    }
    collector.hang_up();
    Err(Failure::ForNow(format!("no answer within {limit:?}"), None))
}

/// Waits until the time for the last spans is over.
async fn overdue(queue: &SpanQueue, deadline: &mut Option<Instant>) {
    let at = if let Some(at) = *deadline {
        at
    } else {
        queue.closed().await;
        *deadline.insert(Instant::now() + LAST)
    };
    sleep_until(at).await;
}
