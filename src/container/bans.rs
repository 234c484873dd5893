//! Bans: loading them and keeping them current.

use super::Container;
use super::background::keep_running;
use crate::api::middleware::Admission;
use crate::ports::StoreError;

impl Container {
    /// Loads the bans. Call it before the first request is accepted and before [`start`](Self::start).
    pub async fn load_bans(&self) -> Result<(), StoreError> {
        self.bans.refresh().await
    }

    pub(super) fn follow_bans(&self) {
        let bans = self.bans.clone();
        let follow = move || {
            let bans = bans.clone();
            async move { bans.follow().await }
        };
        self.run_beside(keep_running("following the bans", follow));
    }

    pub(super) fn admission(&self) -> Admission {
        let use_cases = self.use_cases.clone();
        Box::new(move |client| use_cases.check_origin.run(client))
    }
}
