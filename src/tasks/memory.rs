use std::cell::Cell;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{MissedTickBehavior, interval};

use super::tracked::Tasks;

const OFTEN: Duration = Duration::from_secs(1);

/// Counts the seconds. A thread returns its memory once in each.
static ROUND: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static LAST_ROUND: Cell<u32> = const { Cell::new(0) };
}

/// Returns free memory to the system every second, that of each thread of a runtime that calls
/// [`return_memory`] before it sleeps.
pub async fn return_memory_often(tasks: &Tasks) -> Infallible {
    let threads = Handle::current().metrics().num_workers();
    let mut often = interval(OFTEN);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        ROUND.fetch_add(1, Ordering::Relaxed);
        // These wake the threads that sleep. A busy thread may run several.
        for _ in 0..threads {
            tasks.spawn(async { return_memory() });
        }
    }
}

/// Lets the allocator (mimalloc) return the free memory of this thread to the system, at most once in a
/// second. Blocks that another thread freed still belong to the thread that allocated them. It finds them
/// when it allocates more of their size, which may be never after an attack.
pub fn return_memory() {
    let round = ROUND.load(Ordering::Relaxed);
    if LAST_ROUND.replace(round) != round {
        collect();
    }
}

#[expect(unsafe_code, reason = "no library has a safe function for it")]
fn collect() {
    // SAFETY: it takes no pointer. It only looks for blocks of this thread that were freed already.
    unsafe { libmimalloc_sys::mi_collect(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_returns_memory_in_each_round() {
        for _ in 0..2 {
            let before = LAST_ROUND.get();
            ROUND.fetch_add(1, Ordering::Relaxed);
            return_memory();
            assert_ne!(LAST_ROUND.get(), before);
        }
    }
}
