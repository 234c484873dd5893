//! Background tasks: stopping them, restarting them, and waiting after failures.
//!
//! **Here**: [`Shutdown`], the stop signal; [`Tasks`], the tasks that the process waits for; [`supervise`],
//! which restarts a task; [`Backoff`], the waits between attempts.
//!
//! **May use**: `ports`, for random bytes.

mod backoff;
mod shutdown;
mod supervisor;
mod tracked;

pub use backoff::Backoff;
pub use shutdown::Shutdown;
pub use supervisor::{panic_text, supervise};
pub use tracked::Tasks;
