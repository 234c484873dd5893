use crate::domain::session::SessionId;
use crate::domain::user::UserId;

/// An invalidation: copies of an object that are older than a version are unusable, wherever they are cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Invalidation {
    /// A user, by [`User::version`](crate::domain::User::version).
    User(UserId, i64),
    /// A session, by [`SessionSnapshot::version`](crate::domain::SessionSnapshot::version).
    Session(SessionId, i64),
}

impl Invalidation {
    /// Greater than any version: every copy is invalid.
    pub const ANY: i64 = i64::MAX;
}
