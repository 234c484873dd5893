//! The part that only SQLite needs: opening its file (`open`), and the cause for which it cannot be opened
//! (`failure`).

mod failure;
mod open;

pub(super) use failure::{blocked, failure};
