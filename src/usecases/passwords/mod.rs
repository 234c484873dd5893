//! The census of password hashes, from which decoys are chosen.

mod count_hashes;
mod read_hash_census;

use super::use_cases::use_cases;
pub use count_hashes::CountHashes;
pub use read_hash_census::ReadHashCensus;

use_cases! {
    count_hashes: CountHashes { hash_census, hasher },
    read_hash_census: ReadHashCensus { hash_census, decoys },
}
