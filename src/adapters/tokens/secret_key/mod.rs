//! The one secret of the service, and the file that holds it if the settings do not.
//!
//! **Here**: [`SecretKey`], the list of all keys that are derived from it, and [`SecretKeys`], which holds a
//! second key during a rotation (`per_key`). `file` reads and creates the file.
//!
//! **May use**: `domain` for reading texts, and aws-lc-rs.
//!
//! **To derive another key**: a variant of [`Purpose`] with a label of its own. A label never changes:
//! everything made with it would be lost.

mod file;
mod key;
mod per_key;

pub use self::key::{Purpose, SecretKey};
pub use self::per_key::{PerKey, SecretKeys};
