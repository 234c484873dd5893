//! The load generator: as cheap as it can be, since it shares the machine with what it measures.
//!
//! **Here**: one HTTP/1.1 connection with buffers that are kept (`connection`), what is sent over it (`script`), many
//! that each wait for their answer (`crowd`) or keep to a timetable (`paced`), requests that come whether or not the
//! service keeps up (`flood`), and the threads that all of them run on (`threads`).
//!
//! **May use**: tokio and nothing of the service.
//!
//! **To add a kind of request**: a [`Script`].

mod connection;
mod crowd;
mod flood;
mod paced;
mod script;
mod threads;

pub use crowd::Crowd;
pub use flood::{Flood, Flooded};
pub use paced::Paced;
pub use script::{Fixed, Numbered, Refresh, Script, get, post};
pub use threads::Threads;
