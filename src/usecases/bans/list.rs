use std::sync::Arc;

use crate::domain::Ban;
use crate::ports::{Clock, Store};
use crate::usecases::failure::Failure;

/// Lists the bans that have not ended.
pub struct ListBans {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

impl ListBans {
    /// Returns all of them, oldest first. Their number is bounded.
    pub async fn run(&self) -> Result<Vec<Ban>, Failure> {
        Ok(self.store.bans().live(self.clock.now()).await?)
    }
}
