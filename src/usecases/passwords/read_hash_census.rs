use std::sync::Arc;

use crate::ports::Decoys;
use crate::ports::store::HashCensusStore;
use crate::usecases::failure::Failure;

/// Makes this process choose decoys by the last complete census of password hashes.
pub struct ReadHashCensus {
    pub(in crate::usecases) hash_census: Arc<dyn HashCensusStore>,
    pub(in crate::usecases) decoys: Arc<dyn Decoys>,
}

impl ReadHashCensus {
    /// Reads the census and uses it from now on.
    pub async fn run(&self) -> Result<(), Failure> {
        self.decoys.use_census(self.hash_census.find().await?.census);
        Ok(())
    }
}
