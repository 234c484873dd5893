use super::presented::Presented;
use crate::domain::{Ban, Client, EventType, Session, SessionState, SigningKey, Timestamp, UserId};
use crate::ports::events::PastEvent;

/// One moment in the life of a session or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When it happened or will happen.
    pub at: Timestamp,
    /// The word for programs.
    pub code: &'static str,
    /// The sentence for an operator.
    pub text: String,
    /// The actor, if that is stored.
    pub by: Option<String>,
    /// The client, where one is stored: that of the last refresh.
    pub client: Client,
}

/// Collects the entries.
pub(super) struct Timeline {
    entries: Vec<TimelineEntry>,
    user: Option<UserId>,
}

impl Timeline {
    pub(super) fn of(now: Timestamp, user: Option<UserId>) -> Self {
        let mut timeline = Self { entries: Vec::new(), user };
        timeline.add(now, "now", "now");
        timeline
    }

    /// The opening, the last refresh and the end of a session.
    pub(super) fn session(mut self, session: Option<&Session>, past: &[PastEvent], now: Timestamp) -> Self {
        let Some(session) = session else { return self };
        let opening = match &session.label {
            Some(label) => format!("the session was opened without a log-in ({label})"),
            None => "the session was opened by a log-in".to_owned(),
        };
        let opened = entry(session.created_at, "session_opened", opening);
        let by = by_of(past, EventType::SessionStarted, session.user_id);
        if session.generation == 0 {
            self.entries.push(TimelineEntry { by, client: session.client.clone(), ..opened });
        } else {
            self.entries.push(TimelineEntry { by, ..opened });
            let text = format!("the session was refreshed, {} in all", times(session.generation));
            let refreshed = entry(session.rotated_at, "session_refreshed", text);
            self.entries.push(TimelineEntry { client: session.client.clone(), ..refreshed });
        }
        self.entries.push(match (session.state(now), session.revoked) {
            (SessionState::Revoked, Some(revocation)) => {
                let text = format!("the session was revoked ({})", revocation.reason);
                let by = revoked_by(past, session.user_id);
                TimelineEntry { by, ..entry(revocation.at, "session_revoked", text) }
            }
            (SessionState::Expired, _) => {
                entry(session.expires_at(), "session_expired", "the session expired")
            }
            (SessionState::Live | SessionState::Revoked, _) => {
                let text = "the session expires unless it is refreshed before";
                entry(session.expires_at(), "session_expires", text)
            }
        });
        self
    }

    /// The times of an access token. They are claims: they prove nothing if the signature is wrong.
    pub(super) fn token(mut self, presented: &Presented, now: Timestamp) -> Self {
        let Presented::AccessToken(token) = presented else { return self };
        if let Some(at) = token.issued_at {
            self.add(at, "token_issued", "the access token was issued, as it says");
        }
        match token.expires_at {
            Some(at) if at <= now => self.add(at, "token_expired", "the access token expired"),
            Some(at) => self.add(at, "token_expires", "the access token expires"),
            None => {}
        }
        self
    }

    /// The life of the key that signed an access token.
    pub(super) fn key(mut self, key: Option<&SigningKey>) -> Self {
        let Some(key) = key else { return self };
        let retired = key.retired_at.filter(|_| key.compromised_at.is_none());
        let moments = [
            (key.activated_at, "key_activated", "the key of the access token began to sign"),
            (retired, "key_retired", "the key of the access token was retired, and still verifies"),
            (
                key.compromised_at,
                "key_compromised",
                "the key of the access token leaked, and verifies nothing",
            ),
        ];
        for (at, code, text) in moments {
            if let Some(at) = at {
                self.add(at, code, text);
            }
        }
        self
    }

    pub(super) fn ban(mut self, ban: Option<&Ban>) -> Self {
        if let Some(ban) = ban {
            self.add(ban.created_at, "user_banned", "the user was banned");
        }
        self
    }

    /// The changes of the user and the thefts that were detected.
    pub(super) fn history(mut self, past: &[PastEvent]) -> Self {
        for event in past {
            let Some((code, text)) = EventType::parse(&event.type_name).and_then(explains) else { continue };
            let by = self.user.map(|user| actor(event, user));
            self.entries.push(TimelineEntry { by, ..entry(event.at, code, text) });
        }
        self
    }

    /// The entries, oldest first.
    pub(super) fn entries(mut self) -> Vec<TimelineEntry> {
        self.entries.sort_by_key(|entry| entry.at);
        self.entries
    }

    fn add(&mut self, at: Timestamp, code: &'static str, text: impl Into<String>) {
        self.entries.push(entry(at, code, text));
    }
}

/// An entry without an actor and a client.
fn entry(at: Timestamp, code: &'static str, text: impl Into<String>) -> TimelineEntry {
    TimelineEntry { at, code, text: text.into(), by: None, client: Client::default() }
}

/// The actor who revoked the session, if the event is still stored.
pub(super) fn revoked_by(past: &[PastEvent], user: UserId) -> Option<String> {
    by_of(past, EventType::SessionRevoked, user)
}

fn by_of(past: &[PastEvent], of: EventType, user: UserId) -> Option<String> {
    past.iter().find(|event| event.type_name == of.name()).map(|event| actor(event, user))
}

/// The actor of an event in words.
fn actor(event: &PastEvent, user: UserId) -> String {
    match (event.actor.as_str(), &event.operator) {
        ("operator", Some(name)) => format!("operator {name}"),
        ("operator", None) => "an operator".to_owned(),
        ("service", _) => "the service".to_owned(),
        (id, _) if id == user.to_string() => "the user".to_owned(),
        (id, _) => format!("user {id}"),
    }
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// The events that explain why a token is not accepted. The opening and the end of
/// the session are entries of their own.
const fn explains(event: EventType) -> Option<(&'static str, &'static str)> {
    match event {
        EventType::UserRegistered => Some(("user_registered", "the user was created")),
        EventType::UserPasswordChanged => Some(("password_changed", "the password of the user was changed")),
        EventType::UserLocked => Some(("user_locked", "the user was locked")),
        EventType::UserUnlocked => Some(("user_unlocked", "the user was unlocked")),
        EventType::UserRoleChanged => Some(("role_changed", "the role of the user was changed")),
        EventType::UserEmailChanged => Some(("email_changed", "the email address of the user was changed")),
        EventType::UserDisowned => {
            Some(("user_disowned", "the owner of the email address disowned the account"))
        }
        EventType::UserDeleted => Some(("user_deleted", "the user was deleted")),
        EventType::SessionReuseDetected => {
            Some(("reuse_detected", "a refresh token was presented that had been replaced"))
        }
        _ => None,
    }
}
