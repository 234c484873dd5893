//! The cache under races, losses and a Redis that fails: nobody is refused for it, and nothing old is shown.
//!
//! **Here**: reads that race a change (`races`), replicas that tell each other (`replicas`), access that is taken away
//! (`revocation`), Redis out of order while people are served (`outage`), what it holds afterwards (`afterwards`) and what
//! somebody else put there (`garbage`), a Redis that the service may not use, or cannot (`rights`), reads of what is not kept yet (`cold`), and tiers that are switched off (`left_out`).
//! What they share is in `replica` and
//! `load`.
//!
//! **To add one**: begin with a [`Replica`]; break its way to Redis, or a Redis of the test's own. Wait for what a client
//! or the store sees, by [`soon`], which bounds no more than a test that hangs.

mod afterwards;
mod cold;
mod garbage;
mod left_out;
mod load;
mod outage;
mod races;
mod replica;
mod replicas;
mod revocation;
mod rights;
mod warm;

use std::time::Duration;

use load::Load;
use replica::Replica;
use tokio::time::{Instant, sleep, timeout};

/// How long one call of Redis may take in these tests.
const TIMEOUT: Duration = Duration::from_millis(200);
/// What is promised within seconds has come by then on the slowest machine.
const SOON: Duration = Duration::from_mins(5);

/// Waits until this is so, and says how long that took.
async fn soon(what: &str, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    let waiting = async {
        while !is_so().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(SOON, waiting).await.is_ok(), "not so: {what}");
    // Shown with --nocapture.
    println!("{what} after {:?}", began.elapsed());
    began.elapsed()
}
