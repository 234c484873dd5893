//! How many tests may use the server at the same time, so that its connections suffice at any number of threads.

use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::{claims, server, texts};

/// More connections than any test opens: three replicas with a worker, and connections past them.
const CONNECTIONS: i32 = 24;

/// Kept free for what owns and makes databases, and for people who look on.
const OTHERS: i32 = 8;

/// The class of the claims.
const CLASS: i32 = 0x5356_5345;

/// The right of one test to use the server.
pub struct Seat {
    number: i32,
    _permit: SemaphorePermit<'static>,
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
                return Self { number, _permit: permit };
            }
            // The others belong to other processes, which do not tell this one.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        claims::release(CLASS, self.number);
    }
}

async fn count() -> Seats {
    let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
    let most = "SELECT (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int)::text";
    let most: i32 = texts(&mut connection, most).await.remove(0).parse().unwrap();
    let count = ((most - OTHERS) / CONNECTIONS).max(1);
    Seats { free: Semaphore::new(usize::try_from(count).unwrap()), count }
}
