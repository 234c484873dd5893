//! How many tests may use the server at the same time, so that its connections suffice for any number of
//! threads.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::databases::Returned;
use super::{claims, kept};

/// More connections than any test opens: the largest number seen is 24, by four processes on one database.
const CONNECTIONS: i32 = 32;

/// Kept free for connections that own and create databases, for those of the housekeeping on databases that
/// no test uses, and for people who watch.
const OTHERS: i32 = 16;

/// The class of the claims.
const CLASS: i32 = 0x5356_5345;

/// The right of one test to use the server. Taken and dropped on the thread of the test, outside its runtime.
pub struct Seat {
    number: i32,
    _permit: SemaphorePermit<'static>,
}

thread_local! {
    /// The databases that the test of this thread has finished with.
    static RETURNED: RefCell<Option<Arc<Returned>>> = const { RefCell::new(None) };
}

/// Returns where the test of this thread leaves its databases; `None` on a thread that is not that of a test.
pub(super) fn returned() -> Option<Arc<Returned>> {
    RETURNED.with_borrow(Clone::clone)
}

struct Seats {
    free: Semaphore,
    count: i32,
}

impl Seat {
    /// Waits until a seat is free.
    pub async fn take() -> Self {
        static SEATS: OnceCell<Seats> = OnceCell::const_new();
        let seats = SEATS.get_or_init(count).await;
        let permit = seats.free.acquire().await.unwrap();
        loop {
            if let Some(number) = claims::claim(CLASS, 0..seats.count).await {
                RETURNED.set(Some(Arc::default()));
                return Self { number, _permit: permit };
            }
            // Other processes hold the remaining seats. There is no signal that one of them is free.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        RETURNED.take();
        claims::release(CLASS, self.number);
    }
}

async fn count() -> Seats {
    let most = "SELECT (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int)::text";
    let most: i32 = kept::texts(most).await.remove(0).parse().unwrap();
    let count = ((most - OTHERS) / CONNECTIONS).max(1);
    Seats { free: Semaphore::new(usize::try_from(count).unwrap()), count }
}
