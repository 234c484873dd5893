use super::session::{SessionId, SessionState};
use super::timestamp::Timestamp;
use super::user::UserId;

/// As much of a session as tells whether its access tokens are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSnapshot {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When it ends. A refresh may have put that off since.
    pub expires_at: Timestamp,
    /// Whether it was ended by hand.
    pub revoked: bool,
}

impl SessionSnapshot {
    /// The version of a session that was not ended, which the event of its beginning carries.
    pub const LIVE: i64 = 1;
    /// The version of one that was, which the event of that carries.
    pub const ENDED: i64 = 2;

    /// Raised by what ends the session, since that is for ever. A refresh changes nothing that a copy may not be wrong
    /// about: it only puts the end off.
    #[must_use]
    pub const fn version(&self) -> i64 {
        if self.revoked { Self::ENDED } else { Self::LIVE }
    }

    /// Whether it can be used at `now`.
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
