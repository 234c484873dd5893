use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;

use super::encoder::Encoder;
use super::process::ProcessState;
use super::waiting::Waiting;
use crate::domain::Timestamp;
use crate::ports::store::PoolState;
use crate::telemetry::metrics::Metrics;

/// All values at one moment.
pub(super) struct Collected {
    pub metrics: Arc<Metrics>,
    pub backlog: Option<Waiting>,
    pub pools: Vec<PoolState>,
    pub process: Option<ProcessState>,
    pub shared_cache: Option<bool>,
    pub now: Timestamp,
    pub uptime: Duration,
}

impl fmt::Debug for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collected").finish_non_exhaustive()
    }
}

impl Collector for Collected {
    fn encode(&self, encoder: DescriptorEncoder) -> fmt::Result {
        let mut page = Encoder(encoder);
        self.process(&mut page)?;
        self.http(&mut page)?;
        self.database(&mut page)?;
        self.events(&mut page)?;
        self.waiting(&mut page)?;
        self.cache(&mut page)?;
        self.passwords(&mut page)?;
        self.mail(&mut page)?;
        self.security(&mut page)?;
        self.traces(&mut page)
    }
}

impl Collected {
    fn process(&self, page: &mut Encoder) -> fmt::Result {
        let version = [(["version"], [env!("CARGO_PKG_VERSION")], 1)];
        page.gauges("svc_build_info", "Version of the release; always 1", version)?;
        let help = "Uptime of the process";
        page.seconds("svc_uptime_seconds", help, [([], [], self.uptime.as_secs_f64())])?;
        self.operating_system(page)
    }

    /// Writes the metrics of the process by the names that Prometheus clients agree on.
    fn operating_system(&self, page: &mut Encoder) -> fmt::Result {
        let help = "Start time of the process since the Unix epoch in seconds";
        let began = self.now.minus(self.uptime).as_seconds();
        page.gauges("process_start_time_seconds", help, [([], [], began)])?;
        let Some(process) = &self.process else { return Ok(()) };
        let help = "Total user and system CPU time spent in seconds";
        page.counter_of_seconds("process_cpu_seconds", help, process.cpu_seconds)?;
        let max_files =
            process.max_files.map(|max| ("process_max_fds", "Maximum number of open file descriptors", max));
        for (name, help, value) in [
            ("process_open_fds", "Number of open file descriptors", process.open_files),
            ("process_resident_memory_bytes", "Resident memory size in bytes", process.resident_bytes),
            ("process_virtual_memory_bytes", "Virtual memory size in bytes", process.virtual_bytes),
            ("process_threads", "Number of operating system threads", process.threads),
        ]
        .into_iter()
        .chain(max_files)
        {
            page.gauges(name, help, [([], [], value)])?;
        }
        Ok(())
    }

    fn database(&self, page: &mut Encoder) -> fmt::Result {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let states = self.pools.iter().flat_map(|pool| {
            [("used", pool.used), ("idle", pool.idle)]
                .map(|(state, count)| (["pool", "state"], [pool.pool, state], number(count)))
        });
        page.gauges(
            "svc_database_connections",
            "Open connections to the database by pool and state",
            states,
        )?;
        let most = self.pools.iter().map(|pool| (["pool"], [pool.pool], number(pool.max)));
        page.gauges("svc_database_connections_max", "The most connections that a pool opens", most)
    }

    fn traces(&self, page: &mut Encoder) -> fmt::Result {
        let traces = &self.metrics.traces;
        let help = "Spans that the collector accepted";
        page.counters("svc_spans_exported", help, [([], [], traces.exported.get())])?;
        let dropped = traces.dropped().map(|(reason, count)| (["reason"], [reason], count));
        page.counters("svc_spans_dropped", "Spans that were dropped by reason", dropped)
    }

    fn mail(&self, page: &mut Encoder) -> fmt::Result {
        let outcomes = self.metrics.mail.all().map(|(outcome, count)| (["outcome"], [outcome], count));
        page.counters("svc_mails", "Attempts to send a mail by outcome", outcomes)
    }

    fn http(&self, page: &mut Encoder) -> fmt::Result {
        let http = &self.metrics.http;
        let used = http.all().filter(|(.., histogram)| histogram.count() > 0);
        page.histograms(
            "svc_http_request_duration_seconds",
            "Duration of requests by operation and status class",
            used.map(|(operation, class, histogram)| {
                (["operation", "status"], [operation, class], histogram)
            }),
        )?;
        let in_flight = i64::try_from(http.in_flight()).unwrap_or(i64::MAX);
        page.gauges("svc_http_requests_in_flight", "Requests in flight", [([], [], in_flight)])?;
        let help =
            "Requests that ended without a response, because the client disconnected or the service stopped";
        page.counters("svc_http_requests_abandoned", help, [([], [], http.abandoned())])?;
        let connections = http.connections.get();
        page.gauges("svc_http_connections", "Open client connections", [([], [], connections)])?;
        let refused = http.refused.all().map(|(limit, count)| (["limit"], [limit], count));
        page.counters("svc_http_refused", "Requests and connections refused by a limit", refused)
    }

    fn events(&self, page: &mut Encoder) -> fmt::Result {
        let worker = &self.metrics.worker;
        let help = "Events relayed";
        page.counters("svc_events_relayed", help, [([], [], worker.published.get())])?;
        let help = "Failed attempts to relay an event";
        page.counters("svc_events_relay_failures", help, [([], [], worker.not_published.get())])?;
        let handlers = worker.all_handlers();
        page.histograms(
            "svc_event_effect_seconds",
            "Time from the append of an event to its committed effect",
            handlers.iter().map(|(name, counts)| (["handler"], [*name], &counts.done)),
        )?;
        let failed = handlers.iter().map(|(name, counts)| (["handler"], [*name], counts.failed.get()));
        page.counters("svc_event_handler_failures", "Failed attempts of event handlers", failed)?;
        let dead = handlers.iter().map(|(name, counts)| (["handler"], [*name], counts.dead.get()));
        page.counters("svc_event_handler_dead", "Events dead-lettered by a handler", dead)?;
        let removed = worker.all_removed();
        let removed = removed.iter().map(|(job, rows)| (["task"], [*job], *rows));
        page.counters("svc_job_removed_rows", "Expired rows removed by clean-up jobs", removed)?;
        let expired = [([], [], worker.expired_registrations.get())];
        let help = "Requests to register dropped because no worker answered them in time";
        page.counters("svc_registrations_expired", help, expired)
    }

    /// Writes the backlog. Its metrics are absent while the database does not answer.
    fn waiting(&self, page: &mut Encoder) -> fmt::Result {
        let is_known = i64::from(self.backlog.is_some());
        let help = "Whether the backlog was read from the database; 0 if the database did not answer";
        page.gauges("svc_events_backlog_known", help, [([], [], is_known)])?;
        let Some(Waiting { events: backlog, requests }) = &self.backlog else { return Ok(()) };
        let help = "Size of the database";
        page.gauges("svc_database_bytes", help, [([], [], backlog.database_bytes)])?;
        let help = "Events waiting to be relayed, in the whole service";
        page.gauges("svc_events_unrelayed", help, [([], [], backlog.unrelayed)])?;
        let help = "Events waiting to be relayed after a failed attempt";
        page.gauges("svc_events_unrelayed_failing", help, [([], [], backlog.failing)])?;
        let age = backlog.oldest.map_or(0.0, |oldest| self.now.since(oldest).as_secs_f64());
        let help = "Age of the oldest event waiting to be relayed; 0 if there is none";
        page.seconds("svc_events_unrelayed_oldest_seconds", help, [([], [], age)])?;
        for (name, help, number) in [
            ("svc_event_handler_waiting", "Inbox entries waiting for a handler", 0),
            (
                "svc_event_handler_waiting_failing",
                "Inbox entries waiting for a retry after a failed attempt",
                1,
            ),
            ("svc_event_handler_waiting_dead", "Dead letters of a handler", 2),
        ] {
            let numbers = backlog.handlers.iter().map(|waiting| {
                let number = [waiting.pending, waiting.failing, waiting.dead][number];
                (["handler"], [waiting.handler.as_str()], number)
            });
            page.gauges(name, help, numbers)?;
        }
        let waiting = requests.iter().map(|queue| (["queue"], [queue.queue], queue.waiting));
        page.gauges("svc_requests_waiting", "Requests waiting for a worker to answer them", waiting)?;
        let age = |oldest: Timestamp| self.now.since(oldest).as_secs_f64();
        let ages = requests.iter().map(|queue| (["queue"], [queue.queue], queue.oldest.map_or(0.0, age)));
        let help = "Age of the oldest request waiting for a worker; 0 if there is none";
        page.seconds("svc_requests_waiting_oldest_seconds", help, ages)
    }

    fn cache(&self, page: &mut Encoder) -> fmt::Result {
        let cache = &self.metrics.cache;
        let help = "Misses of the local cache";
        page.counters("svc_cache_misses", help, [([], [], cache.missed_here.get())])?;
        let help = "Entries of the local cache reloaded before they expired";
        page.counters("svc_cache_reloads", help, [([], [], cache.reloaded.get())])?;
        let help = "Misses and reloads answered by the shared cache";
        page.counters("svc_cache_shared_hits", help, [([], [], cache.found_shared.get())])?;
        let help = "Misses and reloads answered by the database";
        page.counters("svc_cache_loads", help, [([], [], cache.loaded.get())])?;
        let shared = self.shared_cache.map(|is_used| ([], [], i64::from(is_used)));
        page.gauges("svc_cache_shared_up", "Whether the shared cache is in use", shared)
    }

    fn passwords(&self, page: &mut Encoder) -> fmt::Result {
        let passwords = &self.metrics.passwords;
        let help = "Passwords waiting to be hashed or verified";
        page.gauges("svc_password_queue_length", help, [([], [], passwords.waiting.get())])?;
        let help = "Passwords waiting to be verified against hashes that cost much more than a new one";
        page.gauges("svc_password_costly_queue_length", help, [([], [], passwords.costly_waiting.get())])?;
        let help = "Passwords refused because the queue was full";
        page.counters("svc_password_queue_shed", help, [([], [], passwords.shed.get())])?;
        let help = "Passwords refused because their client or account had its share of the queue";
        page.counters("svc_password_queue_over_share", help, [([], [], passwords.over_share.get())])
    }

    fn security(&self, page: &mut Encoder) -> fmt::Result {
        let decisions = self.metrics.security.all();
        let decisions =
            decisions.map(|(door, outcome, count)| (["operation", "outcome"], [door, outcome], count));
        let help = "Access decisions by operation and outcome";
        page.counters("svc_security_decisions", help, decisions)
    }
}
