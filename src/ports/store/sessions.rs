use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Generation, Revocation, Session, SessionId, Timestamp, User, UserId};

/// Sessions, read without a transaction, and the one change that is a single statement.
#[async_trait]
pub trait SessionReader: Send + Sync {
    /// The session with this id, whatever its state.
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// The same, with the user whose it is.
    async fn find_with_user(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError>;

    /// The same, and a way to rotate it that takes no other connection than the one that found it.
    async fn find_to_rotate(&self, id: SessionId) -> Result<Option<Rotatable>, StoreError>;

    /// The user's sessions that are live at `now`, newest first.
    async fn live_of(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError>;
}

/// A session, its user, and what rotates it.
pub type Rotatable = (Session, User, Box<dyn Rotation>);

/// Rotates a session where it was found. It may hold a connection: whoever has one asks for nothing else of the store
/// before it is used or dropped.
#[async_trait]
pub trait Rotation: Send {
    /// Writes the session as it is after a refresh, if its generation is still `from` and it is live at the moment of
    /// the refresh; whether it was.
    ///
    /// One conditional statement: of any number at once exactly one finds its row, and no lock is held.
    async fn rotate(self: Box<Self>, from: Generation, rotated: &Session) -> Result<bool, StoreError>;
}

/// Sessions, inside a unit of work.
#[async_trait]
pub trait Sessions: Send {
    /// Adds a session.
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Ends one session; whether it was not ended before.
    async fn revoke(&mut self, id: SessionId, revocation: Revocation) -> Result<bool, StoreError>;

    /// Ends every live session of a user but `except`, and returns those it ended.
    async fn revoke_all_of(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        revocation: Revocation,
    ) -> Result<Vec<SessionId>, StoreError>;
}
