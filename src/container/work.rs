//! Event processing, built from the configured adapters, and its view for operators.

use std::sync::Arc;

use super::Container;
use crate::config::RetentionSettings;
use crate::ports::events::{AuditLog, DeadLetters, EventLog};
use crate::worker::handlers::Handler;
use crate::worker::{Retention, Route, Worker, WorkerPorts};

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
            cleaner: Arc::new(self.store.clone()),
            clock: self.ports.clock.clone(),
            ids: self.ports.ids.clone(),
            counts: self.metrics.worker.clone(),
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

    /// The names of the handlers.
    pub fn handler_names(&self) -> impl Iterator<Item = &'static str> {
        self.handlers.iter().map(Handler::name)
    }

    /// The log of stored events.
    #[must_use]
    pub fn event_log(&self) -> &dyn EventLog {
        &self.store
    }

    /// The dead letters of the broker, if one is configured.
    #[must_use]
    pub fn dead_letters(&self) -> Option<&dyn DeadLetters> {
        self.broker.as_deref().map(|broker| broker as &dyn DeadLetters)
    }

    /// The audit trail.
    #[must_use]
    pub fn audit_log(&self) -> &dyn AuditLog {
        &self.store
    }

    fn route(&self) -> Route {
        match &self.broker {
            None => Route::Inbox,
            Some(broker) => Route::Broker(broker.clone(), broker.clone()),
        }
    }
}
