use std::time::Duration;

use crate::domain::{Email, Timestamp, UserRef};
use crate::ports::events::EventFilter;
use crate::ports::{Clock, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::rules::find_user::find_user;

/// A query for events, or for what was recorded about them. An event must match all given members.
#[derive(Clone, Debug)]
pub struct EventQuery {
    /// Events of this type, by its full name.
    pub type_name: Option<String>,
    /// Events about this user. A deleted user is found by id only.
    pub user: Option<UserRef>,
    /// Events since then.
    pub since: Option<Since>,
    /// The maximum number of results.
    pub limit: u32,
}

/// A time, as an operator gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// This time.
    Time(Timestamp),
    /// This long before now.
    Age(Duration),
}

impl Since {
    pub(super) fn resolve(self, clock: &dyn Clock) -> Timestamp {
        match self {
            Self::Time(time) => time,
            Self::Age(age) => clock.now().minus(age),
        }
    }
}

/// Why a query cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum EventQueryError {
    /// There is no such user.
    #[error("no user has the email address {}", .0.as_str())]
    NoSuchUser(Email),
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(EventQueryError);

impl EventQuery {
    pub(in crate::usecases) async fn resolve(
        &self,
        store: &dyn Store,
        clock: &dyn Clock,
    ) -> Result<EventFilter, EventQueryError> {
        let user = match &self.user {
            None => None,
            Some(UserRef::Id(id)) => Some(*id),
            Some(user @ UserRef::Email(email)) => {
                let found = find_user(store, user).await?;
                Some(found.ok_or_else(|| EventQueryError::NoSuchUser(email.clone()))?.id)
            }
        };
        let since = self.since.map(|since| since.resolve(clock));
        Ok(EventFilter { type_name: self.type_name.clone(), user, since, limit: self.limit })
    }
}
