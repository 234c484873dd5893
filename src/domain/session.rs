use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;

use super::text::is_control;
use super::timestamp::Timestamp;
use super::user::{UserId, words};
use crate::domain::session_snapshot::SessionSnapshot;

/// Names one session for ever: the `sid` of its access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub Uuid);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Counts the refresh tokens of a session, from 0. Only the newest one rotates.
pub type Generation = u32;

/// One log-in: a chain of refresh tokens, each made from the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Never changes.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Which refresh token is the newest.
    pub generation: Generation,
    /// Stands in its refresh tokens, under their MAC, so that it takes the secret key and the database, or one of them, to
    /// make another.
    pub salt: Salt,
    /// What opened it, when that was not a log-in: `cli`.
    pub label: Option<String>,
    /// Who used it last.
    pub client: Client,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When the newest refresh token was made.
    pub rotated_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub idle_expires_at: Timestamp,
    /// When it ends whatever happens.
    pub absolute_expires_at: Timestamp,
    /// When and why it was ended by hand.
    pub revoked: Option<Revocation>,
    /// The generation whose refresh token no client received, since the answer to the rotation was lost.
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

/// Where a request came from, for the user to recognise their sessions by. Nothing is decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The address of the client, behind the trusted proxies.
    pub address: Option<IpAddr>,
    /// Its `User-Agent`, cut to [`Client::LONGEST_AGENT`] characters.
    pub agent: Option<String>,
}

impl Client {
    /// In characters.
    pub const LONGEST_AGENT: usize = 256;

    /// Cuts the agent and drops its control characters.
    #[must_use]
    pub fn new(address: Option<IpAddr>, agent: Option<&str>) -> Self {
        let clean = |text: &str| {
            text.chars().filter(|c| !is_control(*c)).take(Self::LONGEST_AGENT).collect::<String>()
        };
        Self { address, agent: agent.map(clean).filter(|agent| !agent.is_empty()) }
    }
}

/// The end of a session by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: RevocationReason,
}

/// Why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationReason {
    /// Its user logged out of it, or ended it from another one.
    LoggedOut,
    /// Its user logged out everywhere.
    LoggedOutEverywhere,
    /// Its user changed the password in another session.
    PasswordChanged,
    /// An administrator or operator ended it.
    EndedByAdmin,
    /// Its user was locked.
    UserLocked,
    /// A refresh token of it was used a second time: somebody else had it.
    TokenReused,
    /// Its user logged in once more than they may have sessions, and it had been idle longest.
    SessionLimit,
    /// The account of its user was deleted.
    UserDeleted,
    /// The person who has the address of the account says that the account is not theirs.
    Disowned,
}

words!(RevocationReason {
    LoggedOut = "logged_out",
    LoggedOutEverywhere = "logged_out_everywhere",
    PasswordChanged = "password_changed",
    EndedByAdmin = "ended_by_admin",
    UserLocked = "user_locked",
    TokenReused = "token_reused",
    SessionLimit = "session_limit",
    UserDeleted = "user_deleted",
    Disowned = "disowned",
});

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// Without a refresh.
    pub idle: Duration,
    /// Whatever happens.
    pub absolute: Duration,
    /// How long the token before the newest one still answers the newest one.
    pub grace: Duration,
}

/// Whether a session can be used at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Yes.
    Live,
    /// No: it was ended by hand.
    Revoked,
    /// No: its time is over.
    Expired,
}

/// What a genuine refresh token of a session means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshVerdict {
    /// It is the newest one: make its successor.
    Rotate,
    /// It is the previous one, and its successor was not used: it was made just now, or could not be delivered. Answer with
    /// the successor again.
    Repeat,
    /// It was replaced before: two hold it, and one of them should not.
    Reused,
    /// It is newer than the newest: the database has forgotten a rotation (it was restored from a copy).
    Unknown,
}

impl Session {
    /// A session that begins now.
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
            client,
            created_at: now,
            rotated_at: now,
            idle_expires_at: now.plus(lives.idle).min(absolute_expires_at),
            absolute_expires_at,
            revoked: None,
            undelivered: None,
        }
    }

    /// As much of it as its access tokens depend on.
    #[must_use]
    pub fn snapshot(&self) -> SessionSnapshot {
        let (expires_at, revoked) = (self.expires_at(), self.revoked.is_some());
        SessionSnapshot { id: self.id, user_id: self.user_id, expires_at, revoked }
    }

    /// Whether it can be used at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SessionState {
        self.snapshot().state(now)
    }

    /// When it ends unless it is refreshed before.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.idle_expires_at.min(self.absolute_expires_at)
    }

    /// Whether a generation is the one before the newest.
    #[must_use]
    pub fn is_previous(&self, presented: Generation) -> bool {
        presented.checked_add(1) == Some(self.generation)
    }

    /// Judges a genuine refresh token of this live session by its generation.
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
        let ids = (SessionId(Uuid::nil()), UserId(Uuid::nil()));
        let opened = Session::open(ids.0, ids.1, Salt([0; 16]), Client::default(), at(0), LIVES);
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
        // The clock of the replica that rotated may be ahead of this one's.
        assert_eq!(verdict(2, 45), RefreshVerdict::Repeat);
        // However late, where no client has the newest one.
        let undelivered = Session { undelivered: Some(3), ..session.clone() };
        assert_eq!(undelivered.judge(2, at(9_000), LIVES.grace), RefreshVerdict::Repeat);
        assert_eq!(undelivered.judge(1, at(50), LIVES.grace), RefreshVerdict::Reused);
        let earlier = Session { undelivered: Some(2), ..session.clone() };
        assert_eq!(earlier.judge(2, at(80), LIVES.grace), RefreshVerdict::Reused);
        // Without a grace nothing is repeated, not even at the same moment.
        assert_eq!(session.judge(2, at(50), Duration::ZERO), RefreshVerdict::Reused);
    }

    #[test]
    fn a_session_ends_idle_absolutely_or_by_hand() {
        let mut session = session(0, 0);
        assert_eq!(session.state(at(99)), SessionState::Live);
        assert_eq!(session.state(at(100)), SessionState::Expired);
        session.idle_expires_at = at(9_000);
        assert_eq!(session.state(at(249)), SessionState::Live);
        assert_eq!(session.state(at(250)), SessionState::Expired);
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
