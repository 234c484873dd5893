//! The rules of the life of signing keys.
//!
//! **Here**: all keys with the changes that are going to be made to them (`set`), what operators may do
//! (`operate`) and what happens in time (`rotate`). A use case reads the keys, lets these decide, and stores
//! the changes.

mod change;
mod operate;
mod rejection;
mod rotate;
mod set;
#[cfg(test)]
mod tests;

pub use change::KeyChange;
pub use rejection::{KeyBreak, KeyRejection};
pub use set::KeySet;
