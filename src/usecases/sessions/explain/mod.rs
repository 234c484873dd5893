//! Explains why a session, a refresh token or an access token is accepted or not.
//!
//! **Here**: [`ExplainSession`]; what is explained (`presented`), the reasons for which
//! it is not accepted (`reason`), the bans that concern it (`bans`), and what happened to it (`timeline`).

mod bans;
mod presented;
mod reason;
mod timeline;

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use self::bans::applied_bans;
pub use self::presented::Presented;
pub use self::reason::{BanTerms, Note, Reason};
use self::timeline::Timeline;
pub use self::timeline::TimelineEntry;
use crate::domain::{RefreshVerdict, Session, SessionId, SessionState, Timestamp, User, UserId};
use crate::ports::events::{History, PastEvent};
use crate::ports::{CheckOutcome, Clock, REFRESH_TOKEN_PREFIX, Store, TokenCheck, TokenPart};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::rules::stored_key::{NamedKey, StoredKeyError, StoredKeys};
use crate::usecases::rules::token_pair::TokenIssuer;

/// The maximum number of past events that are read.
const EVENTS: u32 = 1_000;
/// The clocks of two replicas may differ by this much.
const CLOCKS: Duration = Duration::from_mins(1);

/// Explains for an operator why a session or a token is accepted or not. Changes nothing: a refresh token
/// that was replaced does not end its session.
pub struct ExplainSession {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) stored_keys: StoredKeys,
    pub(in crate::usecases) tokens: TokenIssuer,
    pub(in crate::usecases) history: Arc<dyn History>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// An explanation.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// When it was explained.
    pub at: Timestamp,
    /// The thing that was presented.
    pub presented: Presented,
    /// The session, if it exists.
    pub session: Option<Session>,
    /// The user, if the session exists.
    pub user: Option<User>,
    /// Why it is not accepted now. Empty if it is accepted.
    pub reasons: Vec<Reason>,
    /// What else an operator should know about it.
    pub notes: Vec<Note>,
    /// Past and coming events of the session and the token, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

/// Why nothing was explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainSessionError {
    /// The text is none of the three.
    #[error(
        "expected the ID of a session, a refresh token (svcr_…) or an access token (three segments with dots)"
    )]
    Unrecognized,
    /// There is no such session, or it ended so long ago that it was removed.
    #[error("there is no such session")]
    NotFound,
    /// The text is no access token, for this reason.
    #[error("this is no access token: {0}")]
    Malformed(String),
    /// The key of the access token is stored, and this process has another secret key than the service.
    #[error("the signing keys in the database were encrypted with another secret key")]
    OtherSecret,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(ExplainSessionError);

impl From<StoredKeyError> for ExplainSessionError {
    fn from(error: StoredKeyError) -> Self {
        match error {
            StoredKeyError::OtherSecret => Self::OtherSecret,
            StoredKeyError::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl ExplainSession {
    /// Recognizes the text and explains it.
    pub async fn run(&self, text: &str) -> Result<Explanation, ExplainSessionError> {
        if let Ok(id) = Uuid::try_parse(text) {
            return self.explain_session(SessionId(id)).await;
        }
        if text.starts_with(REFRESH_TOKEN_PREFIX) {
            return self.explain_refresh_token(text).await;
        }
        if text.split('.').count() == 3 {
            return self.explain_access_token(text).await;
        }
        Err(ExplainSessionError::Unrecognized)
    }

    async fn explain_session(&self, id: SessionId) -> Result<Explanation, ExplainSessionError> {
        let found = self.store.sessions().find_with_user(id).await?;
        let found = Some(found.ok_or(ExplainSessionError::NotFound)?);
        self.explain((Presented::SessionId, NamedKey::default()), found, None, Vec::new()).await
    }

    async fn explain_refresh_token(&self, text: &str) -> Result<Explanation, ExplainSessionError> {
        let Some(inspected) = self.tokens.refresh_tokens.inspect(text) else {
            let presented = Presented::RefreshToken(0);
            let reasons = vec![Reason::MalformedRefreshToken];
            return self.explain((presented, NamedKey::default()), None, None, reasons).await;
        };
        let (token, now) = (inspected.presented, self.clock.now());
        let mut reasons = Vec::new();
        if !inspected.is_genuine {
            self.stored_keys.check_secret().await?;
            reasons.push(Reason::OtherSecretKey);
        }
        let found = self.store.sessions().find_with_user(token.session_id).await?;
        match &found {
            None => reasons.push(Reason::NoSuchSession(token.session_id)),
            Some((session, _)) if session.salt != token.salt => reasons.push(Reason::OtherSalt),
            Some((session, _)) => match session.judge(token.generation, now, self.tokens.lifetimes.grace) {
                RefreshVerdict::Rotate | RefreshVerdict::Repeat => {}
                RefreshVerdict::Reused => reasons.push(Reason::Replaced {
                    by: session.generation - token.generation,
                    at: session.is_previous(token.generation).then_some(session.rotated_at),
                }),
                RefreshVerdict::Unknown => reasons.push(Reason::NewerThanSession),
            },
        }
        let presented = Presented::RefreshToken(token.generation);
        self.explain((presented, NamedKey::default()), found, None, reasons).await
    }

    async fn explain_access_token(&self, text: &str) -> Result<Explanation, ExplainSessionError> {
        let mut token = self.tokens.access_tokens.inspect(text).await?;
        if let Some(TokenCheck { part: TokenPart::Form, outcome: CheckOutcome::Failed(why) }) =
            token.checks.first()
        {
            return Err(ExplainSessionError::Malformed(why.clone()));
        }
        let key = self.stored_keys.of(&mut token).await?;
        let mut reasons: Vec<Reason> = token
            .checks
            .iter()
            .filter_map(|check| match &check.outcome {
                CheckOutcome::Failed(why) => Some(Reason::Token(check.part, why.clone())),
                CheckOutcome::Passed | CheckOutcome::Skipped => None,
            })
            .collect();
        let found = match token.session_id {
            Some(id) => self.store.sessions().find_with_user(id).await?,
            None => None,
        };
        match (&found, token.session_id, token.user_id) {
            (None, Some(id), _) => reasons.push(Reason::NoSuchSession(id)),
            (Some((_, user)), _, Some(id)) if user.id != id => reasons.push(Reason::OtherUser),
            _ => {}
        }
        let claimed = token.user_id.zip(token.session_id);
        self.explain((Presented::AccessToken(token), key), found, claimed, reasons).await
    }

    /// Adds what concerns the session and the user, whatever was presented. `key` has signed it.
    async fn explain(
        &self,
        (presented, key): (Presented, NamedKey),
        found: Option<(Session, User)>,
        claimed: Option<(UserId, SessionId)>,
        mut reasons: Vec<Reason>,
    ) -> Result<Explanation, ExplainSessionError> {
        let now = self.clock.now();
        let (session, user) = found.unzip();
        let since = session.as_ref().map_or(Timestamp::EPOCH, |session| session.created_at.minus(CLOCKS));
        let subject = session.as_ref().map(|session| (session.user_id, session.id)).or(claimed);
        let past = match subject {
            Some((user, session)) => self.history.of_user(user, session, since, EVENTS).await?,
            None => Vec::new(),
        };
        let bans = match &session {
            Some(session) => applied_bans(&*self.store, &*self.history, session, since).await?,
            None => Vec::new(),
        };
        if let (Some(session), Some(user)) = (&session, &user) {
            reasons.extend(of_session(session, user, &past, now));
            let audience = session.audience.as_ref();
            let unserved = audience.filter(|audience| !self.tokens.audiences.serves(Some(audience)));
            reasons.extend(unserved.map(|audience| Reason::AudienceNotServed(audience.as_str().to_owned())));
        }
        reasons.extend(bans.iter().filter(|applied| applied.ban.is_live(now)).filter_map(Reason::of_ban));
        let mut notes = Vec::new();
        if let (Presented::RefreshToken(generation), Some(session)) = (&presented, &session)
            && session.is_previous(*generation)
            && reasons.is_empty()
        {
            notes.push(Note::Repeated);
        }
        notes.extend(bans.iter().filter(|applied| applied.ban.is_live(now)).filter_map(Note::of_ban));
        let timeline = Timeline::of(now, subject.map(|(user, _)| user))
            .session(session.as_ref(), &past, now)
            .token(&presented, now)
            .key(&key)
            .bans(&bans, now)
            .history(&past, &bans)
            .entries();
        Ok(Explanation { at: now, presented, session, user, reasons, notes, timeline })
    }
}

/// The reasons in a session and its user.
fn of_session(session: &Session, user: &User, past: &[PastEvent], now: Timestamp) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match (session.state(now), session.revoked) {
        (SessionState::Revoked, Some(revocation)) => {
            reasons.push(Reason::Revoked { revocation, by: timeline::revoked_by(past, user.id) });
        }
        (SessionState::Expired, _) => reasons.push(Reason::Expired {
            at: session.expires_at(),
            is_idle: session.idle_expires_at < session.absolute_expires_at,
        }),
        (SessionState::Live | SessionState::Revoked, _) => {}
    }
    if !user.is_active() {
        reasons.push(Reason::UserLocked);
    }
    reasons
}
