use std::sync::Arc;

use crate::domain::{Session, SessionId, UserId};
use crate::ports::{Clock, Store};
use crate::usecases::failure::Failure;
use crate::usecases::page::Page;

/// Shows where a user is logged in, a page at a time.
pub struct ListSessions {
    /// Keeps the sessions.
    pub store: Arc<dyn Store>,
    /// Tells which ones live.
    pub clock: Arc<dyn Clock>,
}

impl ListSessions {
    /// At most `limit` live sessions after `after`, newest first; none when there is no such user.
    pub async fn run(
        &self,
        user: UserId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Page<Session>, Failure> {
        let now = self.clock.now();
        // One more than asked for tells whether there is a next page.
        let sessions = self.store.sessions().live_page(user, now, after, limit.saturating_add(1)).await?;
        Ok(Page::of(sessions, limit, |session| session.id.0))
    }
}
