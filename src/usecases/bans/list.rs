use std::sync::Arc;

use crate::domain::Ban;
use crate::ports::{Clock, Store};
use crate::usecases::failure::Failure;

/// Lists the bans that have not ended.
pub struct ListBans {
    /// Stores the bans.
    pub store: Arc<dyn Store>,
    /// The current time, to omit bans that have ended.
    pub clock: Arc<dyn Clock>,
}

impl ListBans {
    /// Returns all of them, oldest first. Their number is bounded.
    pub async fn run(&self) -> Result<Vec<Ban>, Failure> {
        Ok(self.store.bans().live(self.clock.now()).await?)
    }
}
