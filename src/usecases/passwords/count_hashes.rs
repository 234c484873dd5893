use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ports::PasswordHasher;
use crate::ports::store::{HASHES_AT_ONCE, HashCensusStore, HashCount};
use crate::usecases::failure::Failure;

/// Counts the password hashes of all accounts by the cost of verifying them.
pub struct CountHashes {
    pub(in crate::usecases) hash_census: Arc<dyn HashCensusStore>,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
}

impl CountHashes {
    /// Counts the next batch of accounts. Returns whether it was the last one: then the census is replaced,
    /// and the next batch starts at the beginning.
    pub async fn run(&self) -> Result<bool, Failure> {
        let mut count = self.hash_census.find().await?;
        let hashes = self.hash_census.hashes(count.position).await?;
        for (id, hash) in &hashes {
            count.position = Some(*id);
            // A hash that is never verified costs as much as an email address without an account.
            if let Ok(cost) = self.hasher.cost_of(hash) {
                *count.accounts.entry(cost).or_default() += 1;
            }
        }
        let was_last = hashes.len() < HASHES_AT_ONCE as usize;
        if was_last {
            let census = count.census.counted(&count.accounts);
            count = HashCount { position: None, accounts: BTreeMap::default(), census, ..count };
        }
        // If another process was faster, this batch is part of its count.
        let replaced = self.hash_census.replace(&count).await?;
        Ok(was_last && replaced)
    }
}
