use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::domain::{
    Actor, BanTarget, Client, Event, EventKind, Session, SessionId, SessionLifetimes, UserRef,
};
use crate::ports::{Clock, Ids, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::rules::open_session::open_session;
use crate::usecases::rules::token_pair::TokenIssuer;

/// Gives an operator a token for a user, without the user's password.
pub struct IssueToken {
    /// Keeps the session.
    pub store: Arc<dyn Store>,
    /// Makes the tokens.
    pub tokens: TokenIssuer,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the session.
    pub ids: Arc<dyn Ids>,
    /// How many live sessions a user has at most.
    pub sessions_per_user: u32,
}

/// Which token.
#[derive(Debug)]
pub struct TokenRequest {
    /// For this user.
    pub user: UserRef,
    /// The access token's lifetime, at most [`TokenRequest::LONGEST`]; the configured one unless given.
    pub ttl: Option<Duration>,
    /// With a refresh token, and so a session that outlives the access token.
    pub refresh: bool,
}

impl TokenRequest {
    /// Nobody can take an access token back from a reader that does not ask the service.
    pub const LONGEST: Duration = Duration::from_hours(24);
}

/// What was made.
#[derive(Debug)]
pub struct IssuedToken {
    /// The session it belongs to, listed and ended like any other, labelled `cli`.
    pub session: Session,
    /// The access token.
    pub access_token: SecretString,
    /// How long it lives.
    pub expires_in: Duration,
    /// The refresh token, if asked for.
    pub refresh_token: Option<SecretString>,
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum IssueTokenError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The user is locked.
    #[error("the account is locked")]
    AccountLocked,
    /// The account is banned.
    #[error("the account is banned")]
    AccountBanned,
    /// The lifetime asked for is zero or longer than a day.
    #[error("a token lives at least a second and at most a day")]
    BadLifetime,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(IssueTokenError);

impl IssueToken {
    /// Opens a session labelled `cli` and makes its tokens.
    pub async fn run(&self, request: &TokenRequest) -> Result<IssuedToken, IssueTokenError> {
        let lifetime = request.ttl.unwrap_or_else(|| self.tokens.access_tokens.lifetime());
        if !(Duration::from_secs(1)..=TokenRequest::LONGEST).contains(&lifetime) {
            return Err(IssueTokenError::BadLifetime);
        }
        let user = match &request.user {
            UserRef::Id(id) => self.store.users().find(*id).await?,
            UserRef::Email(email) => {
                let account = self.store.users().find_account_by_email(email).await?;
                account.map(|account| account.user)
            }
        };
        let user = user.ok_or(IssueTokenError::NotFound)?;
        let now = self.clock.now();
        // Without a refresh token the session has nothing to live for once the access token is dead.
        let lives = if request.refresh {
            self.tokens.lifetimes
        } else {
            SessionLifetimes { idle: lifetime, absolute: lifetime, ..self.tokens.lifetimes }
        };
        let id = SessionId(self.ids.uuid());
        let session = Session::open(id, user.id, self.ids.salt(), Client::default(), now, lives);
        let session = Session { label: Some("cli".to_owned()), ..session };
        // Before the unit of work, which holds one connection: to sign may take another one, to read the keys.
        let (access_token, expires_in) = self.tokens.access(&session, user.role, now, lifetime).await?;

        let started = EventKind::SessionStarted(id);
        let started = Event::new(self.ids.uuid(), user.id, Actor::Operator, now, started);
        loop {
            let mut work = self.store.begin().await?;
            let locked = work.users().lock(user.id).await?.ok_or(IssueTokenError::NotFound)?.user;
            if !locked.is_active() {
                return Err(IssueTokenError::AccountLocked);
            }
            let ban = work.bans().find_of(BanTarget::User(user.id)).await?;
            if ban.is_some_and(|ban| !ban.end.is_over(now)) {
                return Err(IssueTokenError::AccountBanned);
            }
            if open_session(work, &*self.ids, &session, &started, self.sessions_per_user).await? {
                break;
            }
        }
        let mint = || self.tokens.refresh_tokens.mint(session.id, session.generation, session.salt);
        let refresh_token = request.refresh.then(mint);
        Ok(IssuedToken { session, access_token, expires_in, refresh_token })
    }
}
