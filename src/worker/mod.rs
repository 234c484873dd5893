//! Work after a change: its event is relayed, handled and finally removed.
//!
//! **Here**: the `relay` (outbox to inbox, or to a broker), the `consumer` (broker to inbox), the `runner`
//! (inbox to handlers), the answers to recorded `requests` (`mail_requests`, `registrations`), the
//! `scheduler` of `jobs`, the [`Worker`] that runs them all, and the `handlers`.
//!
//! **May use**: `usecases`, `ports`, `domain`, `tasks`, `telemetry`.
//!
//! **To add a handler**: see [`handlers`]. **To add a job**: see `jobs`.
//!
//! Any number of workers may run at once, in any number of processes. Work is claimed with a lease; its
//! results count only until another process claims the same work.

mod background_task;
mod batching_pause;
mod consumer;
mod fail_points;
pub mod handlers;
mod jobs;
mod mail_requests;
mod ports;
mod registrations;
mod relay;
mod requests;
mod runner;
mod scheduler;

use std::convert::Infallible;
use std::sync::Arc;

use background_task::BackgroundTask;
use consumer::Consumer;
pub use fail_points::FailPoints;
use futures_util::FutureExt as _;
use handlers::Handler;
use jobs::JobPorts;
pub use jobs::Retention;
use mail_requests::MailRequests;
pub use ports::{Route, WorkerPorts};
use registrations::Registrations;
use relay::Relay;
use requests::Requests;
use runner::Runner;
use scheduler::Schedule;

use crate::tasks::{Shutdown, supervise};
use crate::usecases::UseCases;

/// The tasks of a worker, not started yet.
pub struct Worker {
    ports: WorkerPorts,
    route: Route,
    tasks: Vec<Arc<dyn BackgroundTask>>,
}

impl Worker {
    /// A worker that only relays events. `handlers` are those of all workers: their subscriptions determine
    /// the inbox entries.
    #[must_use]
    pub fn relay(ports: WorkerPorts, route: Route, handlers: &[Handler], fail_points: &FailPoints) -> Self {
        let relay = Relay::new(ports.clone(), route.clone(), handlers.to_vec(), fail_points.clone());
        Self { ports, route, tasks: vec![Arc::new(relay)] }
    }

    /// Adds the handlers and the jobs.
    #[must_use]
    pub fn with_handlers(
        mut self,
        handlers: &[Handler],
        retention: Retention,
        use_cases: &Arc<UseCases>,
        fail_points: &FailPoints,
    ) -> Self {
        for handler in handlers {
            let runner = Runner::new(self.ports.clone(), handler.clone(), fail_points.clone());
            self.tasks.push(Arc::new(runner));
        }
        if let Route::Broker(_, source) = &self.route {
            let (ports, source) = (self.ports.clone(), source.clone());
            let consumer = Consumer::new(ports, source, handlers.to_vec(), fail_points.clone());
            self.tasks.push(Arc::new(consumer));
        }
        let (ports, use_cases) = (self.ports.clone(), use_cases.clone());
        let (store, clock) = (ports.store.clone(), ports.clock.clone());
        let partitions = ports.partitions.clone();
        let counts = ports.counts.clone();
        let job_ports =
            JobPorts { store, partitions, use_cases: use_cases.clone(), retention, clock, counts };
        self.tasks.push(Arc::new(Schedule::new(ports.clone(), job_ports)));
        let mails = MailRequests { store: ports.store.clone(), use_cases: use_cases.clone() };
        self.tasks.push(Arc::new(Requests::new(ports.clone(), mails, fail_points.clone())));
        let (store, counts) = (ports.store.clone(), ports.counts.clone());
        let registrations = Registrations { store, use_cases, counts };
        self.tasks.push(Arc::new(Requests::new(ports, registrations, fail_points.clone())));
        self
    }

    /// Runs until the process stops, and then finishes the claimed work.
    pub async fn run(self, stop: Shutdown) {
        let (ids, stop) = (&*self.ports.ids, &stop);
        let tasks = self.tasks.iter().map(|task| async move {
            supervise(&task.name(), ids, stop, || task.run(stop)).await;
        });
        let tasks = futures_util::future::join_all(tasks);
        // The connections stay open until the tasks have finished their claimed work.
        let connected = async {
            if let Route::Broker(transport, _) = &self.route {
                let keep_up = || transport.keep_up().map(Ok::<_, Infallible>);
                supervise("publisher", ids, stop, keep_up).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = tasks => {}
            () = self.ports.wakeups.listen() => {}
            () = connected => {}
        }
        if let Route::Broker(transport, _) = &self.route {
            transport.close().await;
        }
    }
}
