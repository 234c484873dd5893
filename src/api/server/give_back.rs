use std::convert::Infallible;
use std::hint::black_box;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

/// So large that the allocator (mimalloc) uses a page for this piece alone, and frees the page with the
/// piece. It is never written to, so it occupies no memory.
const PIECE: usize = 1 << 20;
const OFTEN: Duration = Duration::from_secs(1);

/// Makes the allocator return memory to the system that was used for clients and is free. It does so a second
/// after a page was freed, but only when another page is freed, and an idle service frees none.
pub(super) async fn give_back() -> Infallible {
    let mut often = interval(OFTEN);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        drop(black_box(Vec::<u8>::with_capacity(PIECE)));
    }
}
