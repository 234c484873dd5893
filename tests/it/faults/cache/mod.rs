//! The cache under races, losses and a Redis with faults: no request fails because of it, and no outdated
//! value is shown.
//!
//! **Here**: reads that race with a change (`races`), replicas that invalidate each other's copies
//! (`replicas`), access that is revoked (`revocation`), Redis with faults during requests (`outage`), its
//! content afterwards (`afterwards`) and garbage in it (`garbage`), a Redis that the service may not or
//! cannot use (`rights`), reads of values that are not cached yet (`cold`), and tiers that are switched off
//! (`left_out`). Shared parts are in `replica` and `load`.
//!
//! **To add one**: start with a [`Replica`]; break its proxy to Redis, or the test's own Redis. Wait for a
//! change that a client or the store sees, with [`soon`], whose limit only stops a test that hangs.

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
/// A change that is promised within seconds has arrived by then on the slowest machine.
const SOON: Duration = Duration::from_mins(5);

/// Waits until the condition holds, and returns how long that took.
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
