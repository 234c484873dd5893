use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::domain::{
    Actor, Audience, BanTarget, Client, Session, SessionId, SessionLifetimes, SigningKey, UnknownAudience,
    UserRef,
};
use crate::ports::{Ids, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::journal::Journal;
use crate::usecases::rules::find_user::find_user;
use crate::usecases::rules::open_session::open_session;
use crate::usecases::rules::token_pair::TokenIssuer;

/// Issues tokens for a user to an operator, without the user's password.
pub struct IssueToken {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) tokens: TokenIssuer,
    pub(in crate::usecases) ids: Arc<dyn Ids>,
    pub(in crate::usecases) journal: Journal,
    /// The maximum number of live sessions per user.
    pub(in crate::usecases) sessions_per_user: u32,
}

/// A request for tokens.
#[derive(Debug)]
pub struct TokenRequest {
    /// The user.
    pub user: UserRef,
    /// The lifetime of the access token, at most [`TokenRequest::LONGEST`]. Default: the configured lifetime.
    pub ttl: Option<Duration>,
    /// Whether to issue a refresh token too, so that the session outlives the access token.
    pub refresh: bool,
    /// The audience of the tokens; `None` is this service.
    pub audience: Option<Audience>,
    /// The operator.
    pub actor: Actor,
}

impl TokenRequest {
    /// The longest lifetime. An access token cannot be revoked at services that do not ask this one.
    pub const LONGEST: Duration = SigningKey::LONGEST_TOKEN;
}

/// The issued tokens.
#[derive(Debug)]
pub struct IssuedToken {
    /// Their session, labelled `cli`. It is listed and revoked like any other.
    pub session: Session,
    /// The access token.
    pub access_token: SecretString,
    /// The lifetime of the access token.
    pub expires_in: Duration,
    /// The refresh token, if requested.
    pub refresh_token: Option<SecretString>,
}

/// Why no token was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueTokenError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The user is locked.
    #[error("the account is locked")]
    AccountLocked,
    /// The user is banned.
    #[error("the account is banned")]
    AccountBanned,
    /// The requested lifetime is zero or longer than a day.
    #[error("the lifetime of a token must be from one second to one day")]
    BadLifetime,
    /// Tokens cannot have this audience.
    #[error("{}", UnknownAudience)]
    UnknownAudience,
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(IssueTokenError);

impl IssueToken {
    /// Opens a session labelled `cli` and issues its tokens.
    pub async fn run(&self, request: &TokenRequest) -> Result<IssuedToken, IssueTokenError> {
        let lifetime = request.ttl.unwrap_or_else(|| self.tokens.access_tokens.lifetime());
        if !(Duration::from_secs(1)..=TokenRequest::LONGEST).contains(&lifetime) {
            return Err(IssueTokenError::BadLifetime);
        }
        let audience = self.tokens.audiences.choose(request.audience.clone());
        let audience = audience.map_err(|UnknownAudience| IssueTokenError::UnknownAudience)?;
        let user = find_user(&*self.store, &request.user).await?.ok_or(IssueTokenError::NotFound)?;
        let now = self.journal.now();
        // Without a refresh token the session has no use after the access token expires.
        let lives = if request.refresh {
            self.tokens.lifetimes
        } else {
            SessionLifetimes { idle: lifetime, absolute: lifetime, ..self.tokens.lifetimes }
        };
        let id = SessionId(self.journal.id());
        let session = Session::open(id, user.id, self.ids.salt(), Client::default(), now, lives);
        let session = Session { label: Some("cli".to_owned()), audience, ..session };
        // Before the unit of work, which holds one connection: signing may need another one to read the keys.
        let (access_token, expires_in) = self.tokens.access(&session, (&user).into(), now, lifetime).await?;

        loop {
            let mut work = self.store.begin().await?;
            let locked = work.users().lock(user.id).await?.ok_or(IssueTokenError::NotFound)?.user;
            if !locked.is_active() {
                return Err(IssueTokenError::AccountLocked);
            }
            let ban = work.bans().find_of(BanTarget::User(user.id)).await?;
            if ban.is_some_and(|ban| ban.is_live(now)) {
                return Err(IssueTokenError::AccountBanned);
            }
            if open_session(work, &self.journal, &session, request.actor, self.sessions_per_user).await? {
                break;
            }
        }
        let mint = || self.tokens.refresh_tokens.mint(session.id, session.generation, session.salt);
        let refresh_token = request.refresh.then(mint);
        Ok(IssuedToken { session, access_token, expires_in, refresh_token })
    }
}
