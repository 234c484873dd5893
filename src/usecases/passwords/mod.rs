//! The census of password hashes, from which decoys are chosen.

mod count_hashes;
mod read_hash_census;

pub use count_hashes::CountHashes;
pub use read_hash_census::ReadHashCensus;
