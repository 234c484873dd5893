//! Event processing, built from the configured adapters.

use std::sync::Arc;
use std::time::Duration;

use super::Container;
use crate::config::RetentionSettings;
use crate::ports::StoreError;
use crate::ports::events::{Partitions, PartitionsKept};
use crate::worker::{Retention, Route, Worker, WorkerPorts};

/// How long a spawned task may wait for a thread.
const SPAWN: Duration = Duration::from_secs(10);

impl Container {
    /// The worker, not started yet. It relays events; with `handles` it also runs handlers and clean-up jobs.
    #[must_use]
    pub fn worker(&self, handles: bool) -> Worker {
        let ports = WorkerPorts {
            store: self.ports.store.clone(),
            outbox: Arc::new(self.store.clone()),
            inbox: Arc::new(self.store.clone()),
            wakeups: Arc::new(self.store.clone()),
            jobs: Arc::new(self.store.clone()),
            partitions: Arc::new(self.store.clone()),
            clock: self.ports.clock.clone(),
            ids: self.ports.ids.clone(),
            counts: self.metrics.worker.clone(),
            tracer: self.traces.tracer.clone(),
        };
        let worker = Worker::relay(ports, self.route(), &self.handlers, &self.fail_points);
        if handles {
            let RetentionSettings { events, sessions, audit } = self.settings.retention;
            let retention = Retention { events, sessions, audit };
            worker.with_handlers(&self.handlers, retention, &self.use_cases, &self.fail_points)
        } else {
            worker
        }
    }

    /// Starts a [`worker`](Self::worker) as a background task, until [`close`](Self::close).
    pub fn start_worker(&self, handles: bool) {
        self.tasks.spawn(self.worker(handles).run(self.stop.clone()));
    }

    /// How often the relay and the jobs of this process have looked for work. A worker that lives looks again
    /// and again, whatever it finds.
    #[must_use]
    pub fn worker_turns(&self) -> u64 {
        self.metrics.worker.turns.get()
    }

    /// Whether a task that is spawned now runs. False after ten seconds without a free thread.
    pub async fn runs_tasks(&self) -> bool {
        let (done, runs) = tokio::sync::oneshot::channel();
        self.tasks.spawn(async move {
            // The caller may have given up.
            let _ = done.send(());
        });
        matches!(tokio::time::timeout(SPAWN, runs).await, Ok(Ok(())))
    }

    /// Creates the partitions that are needed next, and removes those whose retention is over, as a job of
    /// the worker does. A role that may not change tables leaves this to the owner of the tables. What fails
    /// is logged: the job tries it again.
    pub async fn keep_partitions(&self) {
        if let Err(error) = self.try_keep_partitions().await {
            tracing::warn!(%error, "partitions not removed, retrying later");
        }
    }

    async fn try_keep_partitions(&self) -> Result<(), StoreError> {
        let RetentionSettings { events, audit, .. } = self.settings.retention;
        let kept = PartitionsKept { now: self.ports.clock.now(), events, audit };
        let mut position = None;
        loop {
            position = Partitions::keep_partitions(&self.store, &kept, position.as_deref()).await?;
            if position.is_none() {
                return Ok(());
            }
        }
    }

    fn route(&self) -> Route {
        match &self.broker {
            None => Route::Inbox,
            Some(broker) => Route::Broker(broker.clone(), broker.clone()),
        }
    }
}
