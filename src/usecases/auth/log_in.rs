use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{
    Actor, Audience, Client, Email, EventKind, Password, PasswordHash, Session, SessionId, Transport,
    UnknownAudience,
};
use crate::ports::store::Started;
use crate::ports::{Door, Ids, Origin, Outcome, PasswordHasher, Store};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::open_session::open_session;
use crate::usecases::rules::token_pair::{TokenIssuer, TokenPair};
use crate::usecases::rules::verified_account::VerifiedAccount;
use crate::usecases::rules::verify_password::VerifyPassword;

/// Opens a session for a user who knows the password.
pub struct LogIn {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) verify_password: VerifyPassword,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) tokens: TokenIssuer,
    pub(in crate::usecases) ids: Arc<dyn Ids>,
    pub(in crate::usecases) journal: Journal,
    /// The maximum number of live sessions per user.
    pub(in crate::usecases) sessions_per_user: u32,
}

errors! {
    /// Why no session was opened.
    pub enum LogInError {
        // Neither the text nor the response time discloses which.
        InvalidCredentials = "the email address or the password is wrong",
        // Only if the password is correct.
        AccountLocked = "the account is locked",
        UnknownAudience = "the audience is unknown",
        // Browsers send cookies to this service alone, which accepts no token for another audience.
        AudienceOfCookies = "tokens in cookies cannot have another audience",
    }
}

impl LogIn {
    /// Checks the audience, verifies the password, replaces a hash that is weaker than new ones, and opens a
    /// session. Its tokens are for this service if no audience was asked for.
    pub async fn run(
        &self,
        email: &Email,
        password: &Password,
        (asked, transport): (Option<Audience>, Transport),
        client: Client,
    ) -> Result<TokenPair, LogInError> {
        let chosen = self.tokens.audiences.choose(asked);
        let audience = chosen.map_err(|UnknownAudience| LogInError::UnknownAudience)?;
        if transport == Transport::Cookie && audience.is_some() {
            return Err(LogInError::AudienceOfCookies);
        }
        loop {
            if let Some(pair) = self.attempt(email, password, audience.clone(), client.clone()).await? {
                return Ok(pair);
            }
        }
    }

    /// Returns `None` if the account changed while the password was verified: a concurrent log-in replaced
    /// the hash, the password was changed, or the user was locked.
    async fn attempt(
        &self,
        email: &Email,
        password: &Password,
        audience: Option<Audience>,
        client: Client,
    ) -> Result<Option<TokenPair>, LogInError> {
        let (door, from) = (Door::LogIn, client.address);
        let verified = self.verify_password.by_email(door, from, email, password).await?;
        let verified = verified.ok_or(LogInError::InvalidCredentials)?;
        let guard = &self.verify_password.guard;
        let user = &verified.account.user;
        if !user.is_active() {
            guard.refused(door, from, Outcome::Locked, Some(user.id), None);
            return Err(LogInError::AccountLocked);
        }
        guard.check_ban(door, from, user.id, None)?;
        let Some(hash) = self.strengthened(from, &verified, password).await? else { return Ok(None) };

        let now = self.journal.now();
        let id = SessionId(self.journal.id());
        let session = Session::open(id, user.id, self.ids.salt(), client, now, self.tokens.lifetimes);
        let session = Session { audience, ..session };
        let pair = self.tokens.pair(&session, user, now).await?;
        let started = self.journal.event(user.id, Actor::User(user.id), now, EventKind::SessionStarted(id));
        let starts = self.store.session_starts();
        let did_start = match starts.start(&session, &hash, &started, self.sessions_per_user).await? {
            Started::Yes => true,
            Started::AccountChanged => false,
            Started::LimitReached => self.replace_idle_session(&session, &hash).await?,
        };
        if did_start {
            guard.allowed(door, from, user.id, Some(id));
        }
        Ok(did_start.then_some(pair))
    }

    /// Opens a session of a user who has the maximum number. Returns false if the account has changed.
    async fn replace_idle_session(&self, session: &Session, hash: &PasswordHash) -> Result<bool, LogInError> {
        loop {
            let mut work = self.store.begin().await?;
            let locked = work.users().lock(session.user_id).await?;
            if !locked.is_some_and(|locked| locked.user.is_active() && locked.password_hash == *hash) {
                return Ok(false);
            }
            let actor = Actor::User(session.user_id);
            if open_session(work, &self.journal, session, actor, self.sessions_per_user).await? {
                return Ok(true);
            }
        }
    }

    /// The account's hash, replaced if it is weaker than new ones. `None` if another request replaced it in
    /// the meantime.
    async fn strengthened(
        &self,
        client: Option<IpAddr>,
        verified: &VerifiedAccount,
        password: &Password,
    ) -> Result<Option<PasswordHash>, LogInError> {
        let account = &verified.account;
        if !verified.outdated {
            return Ok(Some(account.password_hash.clone()));
        }
        let hash = self.hasher.hash(&Origin::new(client, &account.user.email), password).await?;
        let mut work = self.store.begin().await?;
        let Some(locked) = verified.lock(&mut *work).await? else { return Ok(None) };
        if !locked.user.is_active() {
            let (guard, user) = (&self.verify_password.guard, Some(account.user.id));
            guard.refused(Door::LogIn, client, Outcome::Locked, user, None);
            return Err(LogInError::AccountLocked);
        }
        work.users().set_password_hash(account.user.id, &hash).await?;
        work.commit().await?;
        Ok(Some(hash))
    }
}
