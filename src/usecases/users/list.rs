use std::sync::Arc;

use crate::domain::{User, UserId};
use crate::ports::Store;
use crate::ports::store::UserFilter;
use crate::usecases::failure::Failure;
use crate::usecases::page::Page;

/// Lists the users by page, in the order of registration.
pub struct ListUsers {
    pub(in crate::usecases) store: Arc<dyn Store>,
}

/// The requested page.
#[derive(Debug, Default)]
pub struct PageRequest {
    /// Only matching users.
    pub filter: UserFilter,
    /// Only users after this one: the `next` of the previous page.
    pub after: Option<UserId>,
    /// The maximum number of users.
    pub limit: u32,
}

impl ListUsers {
    /// Reads by key, so the last of many pages costs as much as the first.
    pub async fn run(&self, request: &PageRequest) -> Result<Page<User>, Failure> {
        // One more than requested, to see whether there is a next page.
        let users =
            self.store.users().page(&request.filter, request.after, request.limit.saturating_add(1)).await?;
        Ok(Page::of(users, request.limit, |user| user.id.0))
    }
}
