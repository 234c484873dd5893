use async_trait::async_trait;

use super::StoreError;
use crate::domain::{Client, Generation, Revocation, Session, SessionId, Timestamp, UserId};

/// Sessions, read without a transaction, and the one change that is a single statement.
#[async_trait]
pub trait SessionReader: Send + Sync {
    /// The session with this id, whatever its state.
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// The user's sessions that are live at `now`, newest first.
    async fn live_of(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError>;

    /// Raises the generation if it is still the one named and the session is live; `None` otherwise.
    ///
    /// One conditional statement: of any number at once exactly one finds its row, and no lock is held.
    async fn rotate(&self, rotation: &Rotation) -> Result<Option<Session>, StoreError>;
}

/// One refresh.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// Of this session.
    pub session: SessionId,
    /// From this generation to the next.
    pub from: Generation,
    /// At this moment, when the session has to be live.
    pub now: Timestamp,
    /// When it ends now unless it is refreshed again; its absolute end stays.
    pub idle_expires_at: Timestamp,
    /// Who refreshes.
    pub client: Client,
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
