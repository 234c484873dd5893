use super::session::{Session, SessionId, SessionState};
use super::timestamp::Timestamp;
use super::user::UserId;

/// The part of a session that a check of its access tokens needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSnapshot {
    /// The session.
    pub id: SessionId,
    /// The user whose session it is.
    pub user_id: UserId,
    /// When it expires. A refresh may have extended it since then.
    pub expires_at: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl SessionSnapshot {
    /// The version of a session that has not been revoked. The event of its start carries it.
    pub const LIVE: i64 = 1;
    /// The version of a revoked session. The event of its revocation carries it.
    pub const ENDED: i64 = 2;

    /// The version, raised by a revocation, which is final. A refresh does not raise it: a cached copy may
    /// miss a refresh, because that only extends the session.
    #[must_use]
    pub const fn version(&self) -> i64 {
        if self.revoked { Self::ENDED } else { Self::LIVE }
    }

    /// Whether it is usable at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SessionState {
        if self.revoked {
            SessionState::Revoked
        } else if now >= self.expires_at {
            SessionState::Expired
        } else {
            SessionState::Live
        }
    }
}

impl Session {
    /// The part of the session on which its access tokens depend.
    #[must_use]
    pub fn snapshot(&self) -> SessionSnapshot {
        let (expires_at, revoked) = (self.expires_at(), self.revoked.is_some());
        SessionSnapshot { id: self.id, user_id: self.user_id, expires_at, revoked }
    }

    /// Whether it is usable at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SessionState {
        self.snapshot().state(now)
    }
}
