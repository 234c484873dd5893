use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::audience::Audience;
use super::id::id;
use super::text::is_control;
use super::timestamp::Timestamp;
use super::user::UserId;
use super::words::words;

id! {
    /// The unique id of a session: the `sid` of its access tokens.
    pub struct SessionId
}

/// Counts the refresh tokens of a session, from 0. Only the newest one rotates.
pub type Generation = u32;

/// The result of one log-in: a chain of refresh tokens, each the successor of the previous one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Never changes.
    pub id: SessionId,
    /// The user whose session it is.
    pub user_id: UserId,
    /// The generation of the newest refresh token.
    pub generation: Generation,
    /// Part of the refresh tokens, covered by their MAC. Forging one takes the secret key and the salt from
    /// the database or from an earlier token.
    pub salt: Salt,
    /// The origin of a session that was not opened by a log-in, such as `cli`.
    pub label: Option<String>,
    /// The audience of its access tokens, if the client chose another one than this service.
    pub audience: Option<Audience>,
    /// The client that opened it, or refreshed it last.
    pub client: Client,
    /// The client that opened it, once it was refreshed. `None` before, and where that is not known.
    pub opener: Option<Client>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When the newest refresh token was issued.
    pub rotated_at: Timestamp,
    /// When it expires unless it is refreshed before.
    pub idle_expires_at: Timestamp,
    /// When it expires even if it is refreshed.
    pub absolute_expires_at: Timestamp,
    /// When and why it was revoked.
    pub revoked: Option<Revocation>,
    /// The generation whose refresh token no client received, because the response to the rotation was lost.
    pub undelivered: Option<Generation>,
}

/// Sixteen random bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt([redacted])")
    }
}

/// The origin of a request, by which users recognize their sessions. No decision depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The client address, as determined behind the trusted proxies.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header, truncated to [`Client::LONGEST_AGENT`] characters.
    pub agent: Option<String>,
}

impl Client {
    /// The greatest length of the agent, in characters.
    pub const LONGEST_AGENT: usize = 256;

    /// Truncates the agent and removes its control characters.
    #[must_use]
    pub fn new(address: Option<IpAddr>, agent: Option<&str>) -> Self {
        let clean = |text: &str| {
            text.chars().filter(|c| !is_control(*c)).take(Self::LONGEST_AGENT).collect::<String>()
        };
        Self { address, agent: agent.map(clean).filter(|agent| !agent.is_empty()) }
    }
}

/// The revocation of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// When it was revoked.
    pub at: Timestamp,
    /// Why it was revoked.
    pub reason: RevocationReason,
}

words! {
    /// Why a session was revoked.
    pub enum RevocationReason {
        /// Its user logged out of it, or revoked it from another session.
        LoggedOut = "logged_out",
        /// Its user logged out everywhere.
        LoggedOutEverywhere = "logged_out_everywhere",
        /// Its user changed the password in another session.
        PasswordChanged = "password_changed",
        /// An administrator or operator revoked it.
        EndedByAdmin = "ended_by_admin",
        /// Its user was locked.
        UserLocked = "user_locked",
        /// One of its refresh tokens was reused: a second client had a copy.
        TokenReused = "token_reused",
        /// Its user logged in beyond the session limit, and this session had been idle longest.
        SessionLimit = "session_limit",
        /// Its user was deleted.
        UserDeleted = "user_deleted",
        /// The owner of the email address stated that the account is not theirs.
        Disowned = "disowned",
        /// The key that may have signed an access token of it was compromised.
        KeyCompromised = "key_compromised",
    }
}

/// The lifetimes of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// The lifetime without a refresh.
    pub idle: Duration,
    /// The lifetime even with refreshes.
    pub absolute: Duration,
    /// How long the previous refresh token is still answered with the newest one.
    pub grace: Duration,
}

/// Whether a session is usable at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It is usable.
    Live,
    /// It was revoked.
    Revoked,
    /// It has expired.
    Expired,
}

/// The meaning of a genuine refresh token for its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// It is the newest one: rotate it.
    Rotate,
    /// It is the previous one, and its successor is unused, because that was issued just now or was not
    /// delivered. Answer with the same successor.
    Repeat,
    /// It was replaced earlier: two clients have it, and one of them is not entitled to it.
    Reused,
    /// It is newer than the newest one: the database lost a rotation, because it was restored from a backup.
    Unknown,
}

impl Session {
    /// Opens a session at `now`.
    #[must_use]
    pub fn open(
        id: SessionId,
        user_id: UserId,
        salt: Salt,
        client: Client,
        now: Timestamp,
        lives: SessionLifetimes,
    ) -> Self {
        let absolute_expires_at = now.plus(lives.absolute);
        Self {
            id,
            user_id,
            generation: 0,
            salt,
            label: None,
            audience: None,
            client,
            opener: None,
            created_at: now,
            rotated_at: now,
            idle_expires_at: now.plus(lives.idle).min(absolute_expires_at),
            absolute_expires_at,
            revoked: None,
            undelivered: None,
        }
    }

    /// The client that opened it. `None` if that is not known: a release that did not store it made the first
    /// refresh.
    #[must_use]
    pub const fn opened_by(&self) -> Option<&Client> {
        if self.generation == 0 { Some(&self.client) } else { self.opener.as_ref() }
    }

    /// When it expires unless it is refreshed before.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.idle_expires_at.min(self.absolute_expires_at)
    }

    /// Whether this is the generation before the newest one.
    #[must_use]
    pub fn is_previous(&self, presented: Generation) -> bool {
        presented.checked_add(1) == Some(self.generation)
    }

    /// Decides what a genuine refresh token of this live session means, by its generation.
    #[must_use]
    pub fn judge(&self, presented: Generation, now: Timestamp, grace: Duration) -> RefreshVerdict {
        if presented == self.generation {
            RefreshVerdict::Rotate
        } else if presented > self.generation {
            RefreshVerdict::Unknown
        } else if self.is_previous(presented)
            && (self.undelivered == Some(self.generation) || now.since(self.rotated_at) < grace)
        {
            RefreshVerdict::Repeat
        } else {
            RefreshVerdict::Reused
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LIVES: SessionLifetimes = SessionLifetimes {
        idle: Duration::from_secs(100),
        absolute: Duration::from_secs(250),
        grace: Duration::from_secs(30),
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    fn session(generation: Generation, rotated_at: i64) -> Session {
        let (id, user) = (SessionId(Uuid::nil()), UserId(Uuid::nil()));
        let opened = Session::open(id, user, Salt([0; 16]), Client::default(), at(0), LIVES);
        Session { generation, rotated_at: at(rotated_at), ..opened }
    }

    #[test]
    fn the_token_before_is_repeated_within_the_grace_only() {
        let session = session(3, 50);
        let verdict = |presented, now| session.judge(presented, at(now), LIVES.grace);
        assert_eq!(verdict(3, 50), RefreshVerdict::Rotate);
        assert_eq!(verdict(2, 50), RefreshVerdict::Repeat);
        assert_eq!(verdict(2, 79), RefreshVerdict::Repeat);
        assert_eq!(verdict(2, 80), RefreshVerdict::Reused);
        assert_eq!(verdict(1, 50), RefreshVerdict::Reused);
        assert_eq!(verdict(4, 50), RefreshVerdict::Unknown);
        // The clock of the replica that rotated the token may be ahead of this one's.
        assert_eq!(verdict(2, 45), RefreshVerdict::Repeat);
        // After any time, if no client received the newest token.
        let lost = Session { undelivered: Some(3), ..session.clone() };
        assert_eq!(lost.judge(2, at(9_000), LIVES.grace), RefreshVerdict::Repeat);
        assert_eq!(lost.judge(1, at(50), LIVES.grace), RefreshVerdict::Reused);
        let earlier = Session { undelivered: Some(2), ..session.clone() };
        assert_eq!(earlier.judge(2, at(80), LIVES.grace), RefreshVerdict::Reused);
        // Without a grace period no token is repeated, not even at the same moment.
        assert_eq!(session.judge(2, at(50), Duration::ZERO), RefreshVerdict::Reused);
    }

    #[test]
    fn a_session_ends_idle_absolutely_or_by_hand() {
        let mut session = session(0, 0);
        assert_eq!([99, 100].map(|now| session.state(at(now))), [SessionState::Live, SessionState::Expired]);
        session.idle_expires_at = at(9_000);
        assert_eq!([249, 250].map(|now| session.state(at(now))), [SessionState::Live, SessionState::Expired]);
        session.revoked = Some(Revocation { at: at(1), reason: RevocationReason::LoggedOut });
        assert_eq!(session.state(at(2)), SessionState::Revoked);
    }

    #[test]
    fn an_agent_is_cut_and_cleaned() {
        let client = Client::new(None, Some(&format!("a\u{7}b{}", "c".repeat(900))));
        assert_eq!(client.agent.unwrap().chars().count(), Client::LONGEST_AGENT);
        assert_eq!(Client::new(None, Some("\n")).agent, None);
    }
}
