use std::sync::Arc;

use crate::domain::{Session, SessionId, SessionState, User, UserRef};
use crate::ports::store::LONGEST_PAGE;
use crate::ports::{Clock, Store};
use crate::usecases::failure::errors;
use crate::usecases::page::Page;
use crate::usecases::rules::find_user::find_user;

/// Lists the sessions of all users, or of one, for an operator.
pub struct BrowseSessions {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// The requested page.
#[derive(Clone, Debug, Default)]
pub struct SessionQuery {
    /// Only the sessions of this user.
    pub user: Option<UserRef>,
    /// Whether sessions that were revoked or have expired are listed too.
    pub ended: bool,
    /// Only sessions after this one: the `next` of the previous page.
    pub after: Option<SessionId>,
    /// The maximum number of sessions.
    pub limit: u32,
}

/// A session with its user and its state now.
#[derive(Clone, Debug)]
pub struct ListedSession {
    /// The session.
    pub session: Session,
    /// Its user.
    pub user: User,
    /// Whether it is usable, as far as the session alone decides.
    pub state: SessionState,
}

errors! {
    /// Why no sessions were listed.
    pub enum BrowseSessionsError {
        NoSuchUser = "there is no such user",
    }
}

impl BrowseSessions {
    /// Reads by key, newest first. Each statement reads a bounded number of sessions, however many of them
    /// have ended.
    pub async fn run(&self, query: &SessionQuery) -> Result<Page<ListedSession>, BrowseSessionsError> {
        let user = match &query.user {
            Some(user) => {
                Some(find_user(&*self.store, user).await?.ok_or(BrowseSessionsError::NoSuchUser)?.id)
            }
            None => None,
        };
        let now = self.clock.now();
        let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX).saturating_add(1);
        let (mut found, mut after) = (Vec::new(), query.after);
        loop {
            let page = self.store.sessions().any_page(user, after, LONGEST_PAGE).await?;
            let is_last = page.len() < LONGEST_PAGE as usize;
            after = page.last().map(|(session, _)| session.id);
            let listed = page.into_iter().map(|(session, user)| {
                let state = session.state(now);
                ListedSession { session, user, state }
            });
            found.extend(listed.filter(|listed| query.ended || listed.state == SessionState::Live));
            if is_last || found.len() >= wanted {
                return Ok(Page::of(found, query.limit, |listed| listed.session.id.0));
            }
        }
    }
}
