//! The census of password hashes, from which decoys are chosen.

pub(super) mod count_hashes;
pub(super) mod read_hash_census;
