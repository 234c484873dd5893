//! Registrations while processes are killed (`kill -9`) about every second, at random: nothing that was
//! acknowledged is lost, no refused registration has an event, nothing is handled twice, and no mail is
//! missing.
//!
//! **Here**: the processes and their killer (`fleet`), clients and the answers that they received
//! (`clients`), and the mails (`mails`).
//!
//! `SVC_TEST_KILLS=10000 cargo test --test it worker::kills -- --nocapture --test-threads 1` is the long
//! form, with that many registrations.

mod clients;
mod fleet;
mod mails;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use self::clients::{Ledger, register};
use self::fleet::{Fleet, Killer};
use crate::support::process::Installation;
use crate::support::rabbit::Namespace;
use crate::support::{Backend, both_backends, environment, rabbit};

/// The number of registrations in the short form.
const FEW: usize = 60;
/// Longer than a dead process's lease and the remaining work take on the slowest machine.
const HEALED: Duration = Duration::from_mins(5);
/// How many mails a process may have sent and not yet marked when it is killed, or loses its lease: one per
/// lane of the handler's runner.
const MAILS_IN_FLIGHT: usize = 4;

/// Returns a random number below this.
fn random(below: usize) -> usize {
    usize::try_from(RandomState::new().hash_one(below) % below as u64).unwrap()
}

async fn count(installation: &Installation, what: &str) -> usize {
    installation.texts(&format!("SELECT CAST(count(*) AS text) FROM {what}")).await[0].parse().unwrap()
}

/// Returns whether everything is relayed, and every handler has handled it.
async fn is_done(installation: &Installation) -> bool {
    count(installation, "outbox WHERE relayed_at IS NULL").await == 0
        // Delivered first, handled then: in the other order a batch that is delivered in between would be
        // missed.
        && count(installation, "inbox WHERE handler = 'audit'").await == count(installation, "outbox").await
        && count(installation, "inbox WHERE state <> 'done'").await == 0
}

async fn survive(backend: Backend, broker: Option<Namespace>, serves: usize, consumes: usize) {
    let long = environment::variable("SVC_TEST_KILLS").map(|number| number.parse().unwrap());
    let enough = long.unwrap_or(FEW);
    let installation = Installation::migrated(backend).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
    let installation = Arc::new(match &broker {
        Some(broker) => broker.carries_for(installation),
        None => installation,
    });
    let fleet = Fleet::start(installation.clone(), serves, consumes);
    let (clients, ledger) = (fleet.clients(), Arc::new(Ledger::default()));
    let began = Instant::now();
    let killer =
        Killer::start(fleet, ledger.clone(), Duration::from_millis(if long.is_some() { 500 } else { 100 }));
    register(&clients, &ledger, enough).await;
    let fleet = killer.end().await;
    let took = began.elapsed();
    let healing = Instant::now();
    let mut leases_lost = 0;
    while !is_done(&installation).await {
        assert!(healing.elapsed() < HEALED, "it does not heal");
        if long.is_none() {
            // Time passes for the leases of dead processes; a live process that loses its lease does work
            // that does not count.
            leases_lost += installation.expire_leases(9).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let healed = healing.elapsed();
    if let Some(broker) = &broker {
        // Messages that were delivered and not acknowledged were requeued. None of them counts as
        // undeliverable.
        let admin = broker.admin().await;
        super::until(async || admin.depth(&broker.inbox()).await == 0).await;
        assert_eq!(admin.depth(&broker.dead_letters()).await, 0, "dead letters");
    }
    let kills = fleet.kills;
    drop(fleet);

    let known = ledger.known();
    let users: Vec<String> = installation.texts("SELECT email FROM users ORDER BY email").await;
    let lost: Vec<_> = known.iter().filter(|email| users.binary_search(email).is_err()).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!((known.len(), users.len()), (enough, enough));
    // One event per account, of that account and no other; each handled once, and once in the audit trail.
    let registered =
        "users JOIN outbox ON outbox.subject = users.id WHERE outbox.type = 'svc.user.registered.v1'";
    let audited = "outbox JOIN audit ON audit.event_id = outbox.id AND audit.subject = outbox.subject";
    let (handled, mailed) =
        ["audit", "mail"].map(|name| format!("inbox WHERE handler = '{name}' AND state = 'done'")).into();
    for what in ["outbox", registered, &handled, &mailed, "audit", audited] {
        assert_eq!(count(&installation, what).await, enough, "{what}");
    }
    // A mail cannot be sent exactly once. It is sent again only if a process was killed before it marked it.
    let again = mails::sent_again(&installation, backend).await;
    assert!(
        again <= kills * MAILS_IN_FLIGHT + leases_lost,
        "{again} mails again, {kills} kills, {leases_lost} leases"
    );
    println!(
        "{backend:?}{}, {serves} serve, {consumes} consume: {enough} accounts in {took:.0?}, {kills} kills, {} acknowledged, \
         {} found after a lost answer, {} answers lost, {} refused, {} unavailable; lost 0, events of refused 0, twice 0, \
         without a mail 0, mailed again {again}; healed in {healed:.1?}",
        if broker.is_some() { " and RabbitMQ" } else { "" },
        ledger.acknowledged.lock().unwrap().len(),
        ledger.found.lock().unwrap().len(),
        ledger.lost_answers.load(Ordering::SeqCst),
        ledger.refused.load(Ordering::SeqCst),
        ledger.unavailable.load(Ordering::SeqCst),
    );
}

both_backends! {
    /// On the embedded database there is only one process.
    async fn of_one_each(backend: Backend) {
        survive(backend, None, 1, usize::from(backend == Backend::Postgres)).await;
    }

    async fn of_two_each(backend: Backend) {
        survive(backend, None, 2, 2).await;
    }
}

#[test]
fn of_one_each_with_a_broker() {
    rabbit::run(async |broker| survive(Backend::Postgres, Some(broker), 1, 1).await);
}

#[test]
fn of_two_each_with_a_broker() {
    rabbit::run(async |broker| survive(Backend::Postgres, Some(broker), 2, 2).await);
}
