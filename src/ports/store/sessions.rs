use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Generation, Revocation, Session, SessionId, Timestamp, UserId};

/// Sessions, read without a transaction, and the one change that is a single statement.
#[async_trait]
pub trait SessionReader: Send + Sync {
    /// The session with this id, whatever its state.
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// The user's sessions that are live at `now`, newest first.
    async fn live_of(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError>;

    /// Writes a session as it is after a refresh, if its generation is still `from` and it is live at the moment of
    /// the refresh; whether it was.
    ///
    /// One conditional statement: of any number at once exactly one finds its row, and no lock is held.
    async fn rotate(&self, from: Generation, rotated: &Session) -> Result<bool, StoreError>;
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
