//! How long it takes from the commit of a change to the effect of its handler, and how fast a backlog is
//! handled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use svc::adapters::system::SystemClock;
use svc::domain::{EventKind, SessionId, UserId};
use svc::ports::Store;
use svc::ports::events::EventFilter;
use svc::worker::handlers::HandlerError;

use super::until;
use crate::support::app::App;
use crate::support::handlers::Recorder;
use crate::support::process::within;
use crate::support::rabbit::Namespace;
use crate::support::{Backend, both_backends, environment, given};

/// Returns a percentile of sorted times, in milliseconds.
fn percentile(times: &[f64], percent: usize) -> f64 {
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

/// Returns the current and the peak memory of the process.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", ")
}

/// Measures how many messages like an event the broker confirms per second, five hundred at a time, in a
/// queue of the same kind.
async fn bare(broker: &Namespace, messages: u32) -> f64 {
    let admin = broker.admin().await;
    let body = "x".repeat(400);
    let began = Instant::now();
    let queue = broker.dead_letters();
    for _ in 0..messages / 500 {
        join_all((0..500).map(|_| admin.publish("", &queue, &body))).await;
    }
    f64::from(messages / 500 * 500) / began.elapsed().as_secs_f64()
}

/// Waits for an effect, checking at short intervals.
async fn soon(is_there: impl AsyncFn() -> bool) {
    within(async {
        while !is_there().await {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    })
    .await;
}

both_backends! {
    async fn from_commit_to_effect(backend: Backend) {
        let is_long = environment::variable("SVC_TEST_WORKER_SPEED").is_some();
        let app = App::start_queued(backend).await;
        app.container.start_worker(true);
        let mut times = Vec::new();
        let effects = app.container.store().audit();
        for _ in 0..if is_long { 500 } else { 10 } {
            let user = app.register(&App::address()).await;
            let began = Instant::now();
            let user = Some(UserId(user["id"].as_str().unwrap().parse().unwrap()));
            let filter = EventFilter { user, limit: 1, ..EventFilter::default() };
            soon(async || !effects.list(&filter).await.unwrap().is_empty()).await;
            times.push(began.elapsed().as_secs_f64() * 1000.0);
            if is_long {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        times.sort_by(f64::total_cmp);
        let (p50, p99) = (percentile(&times, 50), percentile(&times, 99));
        println!("{backend:?}: {} effects, p50 {p50:.1} ms, p99 {p99:.1} ms", times.len());
        app.stop().await;
    }

    async fn a_backlog_drains(backend: Backend) {
        let is_long = environment::variable("SVC_TEST_WORKER_SPEED").is_some();
        let events = if is_long { 50_000 } else { 200 };
        let app = App::start_queued_with(backend, &["database.max_connections=10"], |builder| builder).await;
        let store = &app.database.store;
        for _ in 0..events / 100 {
            let mut work = store.begin().await.unwrap();
            for _ in 0..100 {
                let started = EventKind::SessionStarted(SessionId(given::id()));
                work.outbox().append(&given::event(UserId(given::id()), started)).await.unwrap();
            }
            work.commit().await.unwrap();
        }
        let began = Instant::now();
        app.container.start_worker(true);
        let left = "SELECT CAST(count(*) AS text) FROM outbox WHERE relayed_at IS NULL";
        let mut relayed = None;
        until(async || app.database.texts(left).await[0] == "0").await;
        relayed.get_or_insert(began.elapsed());
        until(async || app.database.texts("SELECT CAST(count(*) AS text) FROM audit").await[0] == events.to_string()).await;
        let rate = f64::from(events) / began.elapsed().as_secs_f64();
        println!("{backend:?}: {events} events, relayed in {relayed:?}, handled {rate:.0} a second, {}", memory());
        if let Some(broker) = &app.broker {
            println!("{backend:?}: {:.0} a second by lapin alone", bare(broker, events).await);
        }
        app.stop().await;
    }

    async fn beside_an_event_that_always_fails(backend: Backend) {
        let is_long = environment::variable("SVC_TEST_WORKER_SPEED").is_some();
        let mut medians = Vec::new();
        for poisoned in [false, true] {
            let poison = "mallory@example.com";
            let recorder = Recorder::sharing("recorder", move |event| {
                let fails = poisoned && event.data.contains(poison);
                if fails { Err(HandlerError::Failed("a bad day".to_owned())) } else { Ok(()) }
            });
            let handlers = vec![recorder.handler()];
            // In real time, so that failed events are retried beside the others.
            let app = App::start_with(backend, &[], |builder| {
                builder.handlers(handlers).clock(Arc::new(SystemClock))
            })
            .await;
            app.container.start_worker(true);
            app.register(poison).await;
            let mut times = Vec::new();
            for _ in 0..if is_long { 500 } else { 10 } {
                let user = app.register(&App::address()).await;
                let began = Instant::now();
                let user = UserId(user["id"].as_str().unwrap().parse().unwrap());
                soon(async || !recorder.of(user).is_empty()).await;
                times.push(began.elapsed().as_secs_f64() * 1000.0);
                if is_long {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            times.sort_by(f64::total_cmp);
            let (p50, p99) = (percentile(&times, 50), percentile(&times, 99));
            println!("{backend:?}, a poison event: {poisoned}: {} effects, p50 {p50:.1} ms, p99 {p99:.1} ms", times.len());
            medians.push(p50);
            app.stop().await;
        }
        println!("{backend:?}: median with it {:.2} times as long", medians[1] / medians[0]);
    }
}
