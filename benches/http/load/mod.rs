//! The load generator. It is as cheap as possible, because it shares the machine with the service.
//!
//! **Here**: one HTTP/1.1 connection with reused buffers (`connection`), its requests (`script`), many
//! connections that each wait for their answer (`crowd`) or follow a schedule (`paced`), requests at a fixed
//! rate, whether or not the service keeps up (`flood`), and the threads that all of them run on (`threads`).
//!
//! **May use**: tokio and no part of the service.
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
