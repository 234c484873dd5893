use async_trait::async_trait;

use super::StoreError;
use crate::domain::{
    Client, Event, Generation, PasswordHash, Revocation, Role, Salt, Session, SessionId, Timestamp, User,
    UserId,
};

/// Sessions, outside a unit of work: what is read of them, and what every log-in and every refresh changes, for which a
/// database may have one statement.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// The session with this id, whatever its state.
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// The same, with the user whose it is.
    async fn find_with_user(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError>;

    /// The user's sessions that are live at `now`, newest first.
    async fn live_of(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError>;

    /// Adds a session and the event that tells of it, if its user is active and has this hash at that moment; whether they
    /// are. After an error nobody knows.
    async fn start(
        &self,
        session: &Session,
        hash: &PasswordHash,
        started: &Event,
    ) -> Result<bool, StoreError>;

    /// Makes the next generation of a session, if the one traded in is its newest, the salt is its own, it is live and its
    /// user active at that moment. Returns it as it is now, and its user's role.
    ///
    /// One conditional statement: of any number at once exactly one finds its row, and no lock is held.
    async fn rotate(&self, rotation: &Rotation) -> Result<Option<(Session, Role)>, StoreError>;
}

/// A refresh token that is traded for its successor.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The session it is of.
    pub session_id: SessionId,
    /// The generation traded in.
    pub generation: Generation,
    /// The salt that the session must have.
    pub salt: Salt,
    /// Who trades it.
    pub client: Client,
    /// When.
    pub at: Timestamp,
    /// Until when the session may lie idle now, though never beyond its absolute end.
    pub idle_expires_at: Timestamp,
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
