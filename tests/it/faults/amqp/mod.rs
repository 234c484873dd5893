//! A RabbitMQ with faults while users register: no request fails, and every event is handled in the end.
//!
//! **Here**: the faults of a broker (`fault`), each of them once, and many in random order.
//!
//! `SVC_TEST_BROKER_FAULTS=100 cargo test --test it faults::amqp::faults_in_a_row -- --nocapture` makes a
//! hundred faults in a row. It stops the broker and raises its memory alarm, so nothing else may use it
//! during that time.
//!
//! **To add one**: a line in [`fault::Fault`], how it is made and how it is repaired.

mod fault;

use std::sync::Arc;
use std::time::Duration;

use fault::{Fault, Guard};
use tokio::time::{Instant, sleep};

use crate::support::app::App;
use crate::support::process::within;
use crate::support::proxy::Proxy;
use crate::support::rabbit::Namespace;
use crate::support::{Backend, environment, rabbit};

/// The service with its worker, and its proxy to the broker.
struct Ground {
    app: App,
    broker: Arc<Namespace>,
    proxy: Proxy,
}

/// The cost of a fault.
struct Cost {
    /// How long each registration took while the fault lasted.
    registering: Vec<Duration>,
    /// The time from its end until an event that came after it, and all before, were handled.
    healing: Duration,
}

impl Ground {
    async fn start(broker: Namespace) -> Self {
        let (proxy, broker) = (Proxy::before(&broker.url), Arc::new(broker));
        let database = Arc::new(Backend::Postgres.database().await);
        let url = database.url();
        let way = proxy.url();
        let app = App::start_between((database, &url), (broker.clone(), &way), &[]).await;
        app.container.start_worker(true);
        let ground = Self { app, broker, proxy };
        ground.register().await;
        ground.until_handled().await;
        ground
    }

    async fn register(&self) -> Duration {
        let began = Instant::now();
        self.app.register(&App::address()).await;
        began.elapsed()
    }

    async fn count(&self, what: &str) -> String {
        self.app.database.texts(&format!("SELECT count(*)::text FROM {what}")).await.remove(0)
    }

    /// Moves the clock at the speed of real time, for events that were rescheduled.
    async fn until_handled(&self) {
        within(async {
            let mut last = Instant::now();
            while self.count("audit").await != self.count("users").await {
                sleep(Duration::from_millis(20)).await;
                let now = Instant::now();
                self.app.clock.advance(now - last);
                last = now;
            }
        })
        .await;
    }

    /// Registers users for this time, at least one. Returns how long each registration took.
    async fn register_for(&self, lasts: Duration) -> Vec<Duration> {
        let (end, mut took) = (Instant::now() + lasts, Vec::new());
        loop {
            took.push(self.register().await);
            if Instant::now() >= end {
                return took;
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn suffer(&self, fault: Fault) -> Cost {
        let guard = Guard(fault);
        fault.inflict(self).await;
        let registering = self.register_for(fault.lasts()).await;
        drop(guard);
        fault.heal(self).await;
        let began = Instant::now();
        self.register().await;
        self.until_handled().await;
        Cost { registering, healing: began.elapsed() }
    }

    async fn end(self) {
        let dead = self.app.container.dead_letters().unwrap().depth().await.unwrap().dead;
        assert_eq!(dead, 0, "a message that was redelivered too often is no dead letter");
        let users = self.count("users").await;
        assert_eq!(self.count("outbox WHERE relayed_at IS NOT NULL").await, users);
        assert_eq!(self.count("inbox WHERE state <> 'done' AND handler = 'audit'").await, "0");
        self.app.stop().await;
    }
}

/// Returns the 99th percentile.
fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[(took.len() * 99).div_ceil(100) - 1]
}

fn tell(fault: Fault, cost: &Cost) {
    let (slowest, healing) = (cost.registering.iter().max().unwrap(), cost.healing);
    println!("{fault:?}: healed after {healing:.1?}; registering took {slowest:.1?} at most");
}

#[test]
fn after_each_fault_events_are_published_and_consumed_again() {
    rabbit::run(async |broker| {
        let ground = Ground::start(broker).await;
        for fault in Fault::OF_ONE_SERVICE {
            tell(fault, &ground.suffer(fault).await);
        }
        ground.end().await;
    });
}

#[test]
fn connections_and_permissions_may_be_revoked() {
    rabbit::run_alone(async |broker| {
        let ground = Ground::start(broker).await;
        for fault in Fault::OF_A_VIRTUAL_HOST {
            tell(fault, &ground.suffer(fault).await);
        }
        ground.end().await;
    });
}

#[test]
fn faults_in_a_row() {
    let Some(rounds) = environment::variable("SVC_TEST_BROKER_FAULTS") else {
        return println!("skipped: SVC_TEST_BROKER_FAULTS=100 runs it");
    };
    let rounds: usize = rounds.parse().unwrap();
    rabbit::run_alone(async |broker| {
        let ground = Ground::start(broker).await;
        let (mut healing, mut during, mut without) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds {
            let fault = Fault::any(round);
            without.extend(ground.register_for(Duration::from_secs(2)).await);
            let cost = ground.suffer(fault).await;
            tell(fault, &cost);
            healing.push(cost.healing);
            during.extend(cost.registering);
        }
        let slow = healing.iter().filter(|healing| **healing > Duration::from_secs(10)).count();
        let (longest, slowest) = (healing.iter().max().unwrap(), *during.iter().max().unwrap());
        println!("{rounds} faults: {slow} took longer than 10 s to heal, the longest {longest:.1?}");
        let counts = (during.len(), without.len());
        let (during, without) = (p99(during), p99(without));
        println!(
            "registering: during faults {} times, at most {slowest:.1?}, p99 {during:.1?}; between them {} times, \
             p99 {without:.1?}: {:.2} of it",
            counts.0,
            counts.1,
            during.as_secs_f64() / without.as_secs_f64()
        );
        println!("{} threads", std::fs::read_dir("/proc/self/task").unwrap().count());
        ground.end().await;
    });
}
