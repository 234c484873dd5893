use std::sync::Arc;

use crate::domain::{InvitedUser, UserId};
use crate::ports::Store;
use crate::usecases::failure::Failure;
use crate::usecases::page::Page;

/// Lists the invitations that were not accepted yet, by page, in the order in which their users were created.
pub struct ListInvitations {
    pub(in crate::usecases) store: Arc<dyn Store>,
}

impl ListInvitations {
    /// Reads at most `limit` invitations after that of `after`, also those that have expired.
    pub async fn run(&self, after: Option<UserId>, limit: u32) -> Result<Page<InvitedUser>, Failure> {
        // One more than requested, to see whether there is a next page.
        let invited = self.store.invitations().page(after, limit.saturating_add(1)).await?;
        Ok(Page::of(invited, limit, |invited| invited.user.id.0))
    }
}
