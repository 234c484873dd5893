use std::sync::Arc;

use crate::domain::{User, UserId, UserRef};
use crate::ports::store::LONGEST_PAGE;
use crate::ports::{Clock, Store, StoreError};
use crate::usecases::failure::{Failure, errors};
use crate::usecases::rules::find_user::find_user;

/// Finds the user and the sessions that a change would concern, before an operator confirms it. Changes
/// nothing.
pub struct PlanUserChange {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// The change that an operator has in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedChange {
    /// It revokes the sessions of the user.
    RevokesSessions,
    /// It also ends their rights as an administrator: a lock or a deletion.
    EndsAdmin,
}

/// The user and the number of sessions that a change would concern.
#[derive(Clone, Debug)]
pub struct UserChangePlan {
    /// The user.
    pub user: User,
    /// The number of live sessions.
    pub sessions: u64,
}

errors! {
    /// Why the change would be refused.
    pub enum PlanUserChangeError {
        NotFound = "there is no such user",
        LastAdmin = "this is the last active administrator",
    }
}

impl PlanUserChange {
    /// Finds the user and counts their live sessions. The change itself checks everything again.
    pub async fn run(
        &self,
        user: &UserRef,
        change: PlannedChange,
    ) -> Result<UserChangePlan, PlanUserChangeError> {
        let user = find_user(&*self.store, user).await?.ok_or(PlanUserChangeError::NotFound)?;
        if change == PlannedChange::EndsAdmin && self.is_last_admin(&user).await? {
            return Err(PlanUserChangeError::LastAdmin);
        }
        let sessions = self.count_sessions(user.id).await?;
        Ok(UserChangePlan { user, sessions })
    }

    async fn is_last_admin(&self, user: &User) -> Result<bool, StoreError> {
        let users = self.store.users();
        let is_admin = users.find_account(user.id).await?.is_some_and(|account| account.is_active_admin());
        Ok(is_admin && !users.has_other_active_admin(user.id).await?)
    }

    async fn count_sessions(&self, user: UserId) -> Result<u64, Failure> {
        let now = self.clock.now();
        let (mut count, mut after) = (0, None);
        loop {
            let page = self.store.sessions().live_page(user, now, after, LONGEST_PAGE).await?;
            count += page.len() as u64;
            match page.last() {
                Some(last) if page.len() >= LONGEST_PAGE as usize => after = Some(last.id),
                _ => return Ok(count),
            }
        }
    }
}
