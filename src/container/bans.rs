//! Bans: loading them and keeping them current.

use super::Container;
use crate::api::middleware::Admission;
use crate::ports::StoreError;

impl Container {
    /// Loads the bans. Call it before the first request is accepted and before [`start`](Self::start).
    pub async fn load_bans(&self) -> Result<(), StoreError> {
        self.bans.refresh().await
    }

    pub(super) fn follow_bans(&self) {
        self.run_beside("ban list", &self.bans, |bans| async move { bans.follow().await });
    }

    pub(super) fn admission(&self) -> Admission {
        let use_cases = self.use_cases.clone();
        Box::new(move |client| use_cases.bans.check_origin.run(client))
    }
}
