//! What works on events, of the parts that the settings name, and what an operator sees of them.

use std::sync::Arc;

use super::Container;
use crate::config::RetentionSettings;
use crate::ports::events::{AuditLog, DeadLetters, EventLog};
use crate::worker::{Retention, Route, Worker, WorkerPorts};

impl Container {
    /// What hands events on; with `handles`, what handles them and cleans up too. It is not running yet.
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

    /// Begins a [`worker`](Self::worker) beside the requests, until [`close`](Self::close).
    pub fn start_worker(&self, handles: bool) {
        self.tasks.spawn(self.worker(handles).run(self.stop.clone()));
    }

    /// The names of the handlers.
    pub fn handler_names(&self) -> impl Iterator<Item = &'static str> {
        self.handlers.iter().map(|handler| handler.name())
    }

    /// What became of events.
    #[must_use]
    pub fn event_log(&self) -> &dyn EventLog {
        &self.store
    }

    /// What lies at the broker, if there is one.
    #[must_use]
    pub fn dead_letters(&self) -> Option<&dyn DeadLetters> {
        self.broker.as_deref().map(|broker| broker as &dyn DeadLetters)
    }

    /// Who did what.
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
