use std::sync::Arc;

use crate::domain::{Session, SessionId, UserId};
use crate::ports::{Clock, Store};
use crate::usecases::failure::Failure;
use crate::usecases::page::Page;

/// Lists the live sessions of a user by page.
pub struct ListSessions {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

impl ListSessions {
    /// At most `limit` live sessions after `after`, newest first. Empty if there is no such user.
    pub async fn run(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Page<Session>, Failure> {
        let now = self.clock.now();
        // One more than requested, to see whether there is a next page.
        let sessions = self.store.sessions().live_page(user, now, after, limit.saturating_add(1)).await?;
        Ok(Page::of(sessions, limit, |session| session.id.0))
    }
}
