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

    /// At most `limit` sessions of the user that are live at `now`, and no more than
    /// [`LONGEST_PAGE`](super::LONGEST_PAGE), newest first (by id), after `after`.
    async fn live_page(
        &self,
        user: UserId,
        now: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError>;

    /// Adds a session and its event, if the user is active, has this hash and has fewer than `most` live sessions at that
    /// moment. After an error it is unknown whether the session was added.
    async fn start(
        &self,
        session: &Session,
        hash: &PasswordHash,
        started: &Event,
        most: u32,
    ) -> Result<Started, StoreError>;

    /// Makes the next generation of a session, if the one traded in is its newest, the salt is its own, it is live and its
    /// user active at that moment. Returns it as it is now, and its user's role.
    ///
    /// One conditional statement: of any number at once exactly one finds its row, and no lock is held.
    async fn rotate(&self, rotation: &Rotation) -> Result<Option<(Session, Role)>, StoreError>;
}

/// The outcome of [`SessionStore::start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// The session was added.
    Yes,
    /// The user is not active, has another hash, or does not exist.
    AccountChanged,
    /// The user has as many live sessions as they may have.
    LimitReached,
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

    /// Remembers that the refresh token of this generation could not be delivered, if it is still the newest one.
    async fn mark_undelivered(&mut self, id: SessionId, generation: Generation) -> Result<(), StoreError>;

    /// Ends one session; whether it was not ended before.
    async fn revoke(&mut self, id: SessionId, revocation: Revocation) -> Result<bool, StoreError>;

    /// Revokes at most `limit` live sessions of a user other than `except`, and returns their ids.
    async fn revoke_live_of(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Revokes at most `limit` live sessions of a user, all but the `keep` that were refreshed or opened last, and returns
    /// their ids.
    async fn revoke_idle_of(
        &mut self,
        user: UserId,
        keep: u32,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Removes at most `limit` sessions of a user, whatever their state, and returns how many it removed.
    async fn delete_of(&mut self, user: UserId, limit: u32) -> Result<u64, StoreError>;
}
