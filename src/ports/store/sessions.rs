use std::sync::Arc;

use async_trait::async_trait;

use super::cleaned::Cleaned;
use super::error::StoreError;
use crate::domain::{
    Audiences, Client, Event, Generation, PasswordHash, Revocation, Role, Salt, Session, SessionId,
    SignedSessions, Timestamp, User, UserId,
};

/// Sessions, read without a unit of work.
#[async_trait]
pub trait SessionReader: Send + Sync {
    /// Finds the session with this id, in any state.
    async fn find(&self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// Finds the session with this id, in any state, and its user.
    async fn find_with_user(&self, id: SessionId) -> Result<Option<(Session, User)>, StoreError>;

    /// At most `limit` sessions of the user that are live at `now`, and no more than
    /// [`LONGEST_PAGE`](super::users::LONGEST_PAGE), newest first (by id), after `after`.
    async fn live_page(
        &self,
        user: UserId,
        now: Timestamp,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError>;

    /// At most `limit` sessions in any state with their users, and no more than
    /// [`LONGEST_PAGE`](super::LONGEST_PAGE), newest first (by id), after `after`: of one user, or of all.
    async fn any_page(
        &self,
        user: Option<UserId>,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<(Session, User)>, StoreError>;
}

/// Opens sessions, outside a unit of work: a database may have one statement for all that a log-in changes.
#[async_trait]
pub trait SessionStarts: Send + Sync {
    /// Inserts a session and its event if the user is active, has this hash and has fewer than `most` live
    /// sessions at that moment. After an error it is unknown whether the session was inserted.
    async fn start(
        &self,
        session: &Session,
        hash: &PasswordHash,
        started: &Event,
        most: u32,
    ) -> Result<Started, StoreError>;
}

/// Rotates refresh tokens, outside a unit of work.
#[async_trait]
pub trait Rotations: Send + Sync {
    /// Creates the next generation of a session if the presented generation is the newest, the salt matches,
    /// the session is live and its user active at that moment, and its audience is
    /// [served](Audiences::serves).
    ///
    /// One conditional statement: of any number of concurrent calls exactly one finds its row, and no lock is
    /// held.
    async fn rotate(&self, rotation: &Rotation) -> Result<Option<Rotated>, StoreError>;
}

/// Finds the sessions for which a signing key may have signed access tokens.
#[async_trait]
pub trait SignedSessionReader: Send + Sync {
    /// Looks at the 500 sessions after `after`, by id, and returns the users of those that are not revoked
    /// and among `signed`, each user once, and where to continue: `None` after the last session.
    async fn users_among(
        &self,
        signed: SignedSessions,
        after: Option<SessionId>,
    ) -> Result<(Vec<UserId>, Option<SessionId>), StoreError>;
}

/// Removes sessions that ended long ago.
#[async_trait]
pub trait SessionCleaner: Send + Sync {
    /// Examines the next `limit` sessions after a position. Removes those that ended before a time.
    async fn clean(
        &self,
        ended_before: Timestamp,
        position: Option<&str>,
        limit: u32,
    ) -> Result<Cleaned, StoreError>;
}

/// The outcome of [`SessionStarts::start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// The session was inserted.
    Yes,
    /// The user is not active, has another hash, or does not exist.
    AccountChanged,
    /// The user has the maximum number of live sessions.
    LimitReached,
}

/// The rotation of a refresh token.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The session of the token.
    pub session_id: SessionId,
    /// The generation of the presented token.
    pub generation: Generation,
    /// The salt that the session must have.
    pub salt: Salt,
    /// The client that presented it.
    pub client: Client,
    /// When it was presented.
    pub at: Timestamp,
    /// The new idle end of the session, capped by its absolute end.
    pub idle_expires_at: Timestamp,
    /// The audiences that the session may have.
    pub audiences: Arc<Audiences>,
    /// Whether the whole user is returned, and not only the role.
    pub reads_user: bool,
}

/// A session whose refresh token was rotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The session, updated.
    pub session: Session,
    /// The role of its user.
    pub role: Role,
    /// Its user, if the rotation asked for it.
    pub user: Option<User>,
}

/// Sessions, inside a unit of work.
#[async_trait]
pub trait Sessions: Send {
    /// Inserts a session.
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Revokes one session. Returns false if it was revoked already.
    async fn revoke(&mut self, id: SessionId, revocation: Revocation) -> Result<bool, StoreError>;

    /// Revokes at most `limit` live sessions of a user other than `except`, and returns their ids.
    async fn revoke_live_of(
        &mut self,
        user: UserId,
        except: Option<SessionId>,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Revokes at most `limit` live sessions of a user, except the `keep` sessions that were refreshed or
    /// opened last, and returns their ids.
    async fn revoke_idle_of(
        &mut self,
        user: UserId,
        keep: u32,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError>;

    /// Removes at most `limit` sessions of a user, in any state, and returns their number.
    async fn delete_of(&mut self, user: UserId, limit: u32) -> Result<u64, StoreError>;
}

/// Refresh tokens that no client received, inside a unit of work.
#[async_trait]
pub trait UndeliveredRotations: Send {
    /// Records that the refresh token of this generation could not be delivered, if it is still the newest
    /// one.
    async fn mark_undelivered(&mut self, id: SessionId, generation: Generation) -> Result<(), StoreError>;
}

/// Sessions for which a signing key may have signed access tokens, inside a unit of work.
#[async_trait]
pub trait SignedSessionChanges: Send {
    /// Revokes at most `limit` live sessions of a user that are among `signed`, and returns their ids.
    async fn revoke_signed_of(
        &mut self,
        user: UserId,
        signed: SignedSessions,
        revocation: Revocation,
        limit: u32,
    ) -> Result<Vec<SessionId>, StoreError>;
}
