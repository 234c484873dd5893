//! Background tasks: stopping them, restarting them, and waiting after failures; and the memory of the
//! threads that run them.
//!
//! **Here**: [`Shutdown`], the stop signal; [`Tasks`], the tasks that the process waits for; [`supervise`],
//! which restarts a task; [`Backoff`], the waits between attempts; [`return_memory`].
//!
//! **May use**: `ports`, for random bytes.

mod backoff;
mod memory;
mod shutdown;
mod supervisor;
mod tracked;

pub use backoff::Backoff;
pub use memory::{return_memory, return_memory_often};
pub use shutdown::Shutdown;
pub use supervisor::{panic_text, supervise};
pub use tracked::Tasks;
