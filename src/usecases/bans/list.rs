use std::sync::Arc;

use crate::domain::Ban;
use crate::ports::{Clock, Store};
use crate::usecases::failure::Failure;

/// Lists the bans that have not ended.
pub struct ListBans {
    /// Keeps the bans.
    pub store: Arc<dyn Store>,
    /// Tells which have ended.
    pub clock: Arc<dyn Clock>,
}

impl ListBans {
    /// All of them, the oldest first: they are bounded.
    pub async fn run(&self) -> Result<Vec<Ban>, Failure> {
        Ok(self.store.bans().live(self.clock.now()).await?)
    }
}
