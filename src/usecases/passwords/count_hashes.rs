use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ports::PasswordHasher;
use crate::ports::store::{HASHES_AT_ONCE, HashCensusStore, HashCount};
use crate::usecases::failure::Failure;

/// Counts the password hashes of all accounts by what they cost to verify.
pub struct CountHashes {
    /// Keeps the count.
    pub hash_census: Arc<dyn HashCensusStore>,
    /// Tells what a hash costs.
    pub hasher: Arc<dyn PasswordHasher>,
}

impl CountHashes {
    /// Counts the next slice of accounts. Returns whether that was the last one: then the census is replaced, and the next
    /// slice is the first one again.
    pub async fn run(&self) -> Result<bool, Failure> {
        let mut count = self.hash_census.find().await?;
        let hashes = self.hash_census.hashes(count.position).await?;
        for (id, hash) in &hashes {
            count.position = Some(*id);
            // A hash that is never verified costs what an address without an account does.
            if let Some(cost) = self.hasher.cost_of(hash) {
                *count.accounts.entry(cost).or_default() += 1;
            }
        }
        let was_last = hashes.len() < HASHES_AT_ONCE as usize;
        if was_last {
            let census = count.census.counted(&count.accounts);
            count = HashCount { position: None, accounts: BTreeMap::default(), census, ..count };
        }
        // Where another process was faster, this slice is in its count.
        let replaced = self.hash_census.replace(&count).await?;
        Ok(was_last && replaced)
    }
}
