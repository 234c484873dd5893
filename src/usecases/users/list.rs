use std::sync::Arc;

use crate::domain::{User, UserId};
use crate::ports::Store;
use crate::ports::store::UserFilter;
use crate::usecases::failure::Failure;
use crate::usecases::page::Page;

/// Shows the users a page at a time, in the order they registered.
pub struct ListUsers {
    /// Keeps the users.
    pub store: Arc<dyn Store>,
}

/// Which page.
#[derive(Debug, Default)]
pub struct PageRequest {
    /// Only users that match.
    pub filter: UserFilter,
    /// Only users after this one: the `next` of the page before.
    pub after: Option<UserId>,
    /// At most this many.
    pub limit: u32,
}

impl ListUsers {
    /// Reads by key, so the last page of many costs what the first does.
    pub async fn run(&self, request: &PageRequest) -> Result<Page<User>, Failure> {
        // One more than asked for tells whether there is a next page.
        let users =
            self.store.users().page(&request.filter, request.after, request.limit.saturating_add(1)).await?;
        Ok(Page::of(users, request.limit, |user| user.id.0))
    }
}
