use super::bans::AppliedBan;
use super::presented::Presented;
use crate::domain::{BanTarget, Client, EventType, Session, SessionState, Timestamp, UserId};
use crate::ports::events::PastEvent;
use crate::usecases::rules::stored_key::NamedKey;

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
    /// The client, where one is stored: that of the opening and of the last refresh.
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
        let client = session.opened_by().cloned().unwrap_or_default();
        self.entries.push(TimelineEntry { by, client, ..opened });
        if session.generation > 0 {
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

    /// The life of the key that an access token names, from its events. The first key of an installation has
    /// none, and those of an old one are removed: then the times of the stored key are shown.
    pub(super) fn key(mut self, named: &NamedKey) -> Self {
        for event in &named.past {
            let Some((code, text)) = event.event_type().and_then(|kind| of_key(kind, event)) else {
                continue;
            };
            let by = Some(event.by(self.user));
            self.entries.push(TimelineEntry { by, ..entry(event.at, code, text) });
        }
        let Some(key) = &named.key else { return self };
        let retired = key.retired_at.filter(|_| key.compromised_at.is_none());
        for (at, (code, text)) in
            [(key.activated_at, ACTIVATED), (retired, RETIRED), (key.compromised_at, COMPROMISED)]
        {
            if let Some(at) = at
                && !self.entries.iter().any(|entry| entry.code == code)
            {
                self.add(at, code, text);
            }
        }
        self
    }

    /// The bans of the user and of the addresses of the session, from their events and their rows.
    pub(super) fn bans(mut self, bans: &[AppliedBan], now: Timestamp) -> Self {
        for applied in bans {
            let ban = &applied.ban;
            let (code, target) = match (ban.target, applied.address) {
                (BanTarget::Network(network), Some(address)) => {
                    ("address_banned", format!("requests from {address} ({network})"))
                }
                _ => ("user_banned", "the user".to_owned()),
            };
            let terms = |ends_at: Option<&str>, reason: Option<&str>| {
                let until = ends_at.map(|at| format!(" until {at}")).unwrap_or_default();
                let why = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
                format!("{target} {} banned{until}{why}", if code == "user_banned" { "was" } else { "were" })
            };
            let added = applied.past.iter().filter(|event| event.event_type() == Some(EventType::BanAdded));
            let before = self.entries.len();
            for event in added {
                let text = terms(event.ends_at.as_deref(), event.reason.as_deref());
                let by = Some(event.by(self.user));
                self.entries.push(TimelineEntry { by, ..entry(event.at, code, text) });
            }
            if self.entries.len() == before {
                let ends_at = ban.end.at().map(|at| at.to_string());
                let reason = ban.reason.as_ref().map(ToString::to_string);
                self.add(ban.created_at, code, terms(ends_at.as_deref(), reason.as_deref()));
            }
            if let Some(at) = ban.end.at().filter(|at| *at <= now) {
                self.add(at, "ban_ended", format!("the ban of {target} ended"));
            }
        }
        self
    }

    /// The changes of the user, the thefts that were detected, and the bans of the user that are no longer
    /// stored.
    pub(super) fn history(mut self, past: &[PastEvent], bans: &[AppliedBan]) -> Self {
        let is_applied = |id: &str| bans.iter().any(|applied| applied.ban.id.to_string() == id);
        for event in past {
            let (code, text) = match (event.object.as_deref(), event.event_type().and_then(explains)) {
                (Some(ban), _) if is_applied(ban) => continue,
                (Some(_), Some((code, text))) => {
                    let why = event.reason.as_deref().map(|reason| format!(" ({reason})"));
                    (code, format!("{text}{}", why.unwrap_or_default()))
                }
                (Some(_), None) => ("ban_removed", "the ban of the user was removed".to_owned()),
                (None, Some((code, text))) => (code, text.to_owned()),
                (None, None) => continue,
            };
            let by = self.user.map(|user| event.by(Some(user)));
            self.entries.push(TimelineEntry { by, ..entry(event.at, code, text) });
        }
        self
    }

    /// The entries, oldest first. Of the same moment, a cause comes before its effects.
    pub(super) fn entries(mut self) -> Vec<TimelineEntry> {
        let issue = |entry: &&TimelineEntry| matches!(entry.code, "session_opened" | "session_refreshed");
        let issues: Vec<Timestamp> = self.entries.iter().filter(issue).map(|entry| entry.at).collect();
        // A token says in whole seconds when it was issued: before the moment at which that happened.
        let moment = |entry: &TimelineEntry| {
            let second = issues.iter().filter(|at| at.as_seconds() == entry.at.as_seconds());
            let cause = second.min().filter(|_| entry.code == "token_issued");
            cause.map_or(entry.at, |at| entry.at.max(*at))
        };
        self.entries.sort_by_cached_key(|entry| (moment(entry), order(entry.code)));
        self.entries
    }

    fn add(&mut self, at: Timestamp, code: &'static str, text: impl Into<String>) {
        self.entries.push(entry(at, code, text));
    }
}

/// The place of an entry among those of the same moment.
fn order(code: &str) -> u8 {
    match code {
        "session_opened" => 0,
        "session_refreshed" | "session_revoked" => 2,
        "token_issued" => 3,
        _ => 1,
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
    past.iter().find(|event| event.type_name == of.name()).map(|event| event.by(Some(user)))
}

const ACTIVATED: (&str, &str) = ("key_activated", "the key of the access token began to sign");
const RETIRED: (&str, &str) = ("key_retired", "the key of the access token was retired, and still verified");
const REMOVED: (&str, &str) =
    ("key_removed", "the key of the access token was removed, and verifies nothing");
const COMPROMISED: (&str, &str) =
    ("key_compromised", "the key of the access token was declared compromised, and verifies nothing");

/// The events of a key that explain why its tokens are not accepted.
fn of_key(kind: EventType, event: &PastEvent) -> Option<(&'static str, &'static str)> {
    match kind {
        EventType::KeyActivated => Some(ACTIVATED),
        EventType::KeyRetired => Some(RETIRED),
        EventType::KeyRemoved if event.is_compromised => Some(COMPROMISED),
        EventType::KeyRemoved => Some(REMOVED),
        _ => None,
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
        EventType::BanAdded => Some(("user_banned", "the user was banned")),
        EventType::UserDeleted => Some(("user_deleted", "the user was deleted")),
        EventType::SessionReuseDetected => {
            Some(("reuse_detected", "a refresh token was presented that had been replaced"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(entries: &[(i64, &'static str)]) -> Vec<&'static str> {
        let mut timeline = Timeline { entries: Vec::new(), user: None };
        for &(milliseconds, code) in entries {
            timeline.add(Timestamp::from_micros(milliseconds * 1_000).unwrap(), code, "");
        }
        timeline.entries().iter().map(|entry| entry.code).collect()
    }

    #[test]
    fn a_token_is_issued_after_the_moment_that_issued_it() {
        let opened =
            ordered(&[(12_600, "session_refreshed"), (12_000, "token_issued"), (12_300, "session_opened")]);
        assert_eq!(opened, ["session_opened", "token_issued", "session_refreshed"]);
        let refreshed =
            ordered(&[(15_000, "token_issued"), (12_300, "session_opened"), (15_900, "session_refreshed")]);
        assert_eq!(refreshed, ["session_opened", "session_refreshed", "token_issued"]);
        let same = ordered(&[(12_000, "token_issued"), (12_000, "session_opened")]);
        assert_eq!(same, ["session_opened", "token_issued"]);
        let of_another =
            ordered(&[(12_300, "session_opened"), (11_000, "token_issued"), (20_000, "token_expires")]);
        assert_eq!(of_another, ["token_issued", "session_opened", "token_expires"]);
    }

    #[test]
    fn a_change_comes_before_the_revocation_that_it_causes() {
        let locked =
            ordered(&[(12_300, "session_revoked"), (12_300, "user_locked"), (12_300, "session_opened")]);
        assert_eq!(locked, ["session_opened", "user_locked", "session_revoked"]);
    }
}
