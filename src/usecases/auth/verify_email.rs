use std::net::IpAddr;
use std::sync::Arc;

use super::authenticate::Principal;
use crate::domain::{Account, Actor, Event, EventKind, MailPurpose, MailToken, Password, Timestamp, User};
use crate::ports::{Clock, Constraint, Door, Ids, MailTokens, Store, StoreError, UnitOfWork};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::mail::token_issuer::find_mail_token;
use crate::usecases::rules::verify_password::{VerifiedAccount, VerifyPassword};

/// Takes the token of a mail as proof that the address it was sent to is the user's: the one they have, or the one that
/// they want instead. It counts only for a person who proves the account too: else the owner of an address would verify it for
/// a stranger who registered with it.
pub struct VerifyEmail {
    /// Keeps the account.
    pub store: Arc<dyn Store>,
    /// Knows the token.
    pub mail_tokens: Arc<dyn MailTokens>,
    /// Verifies the password.
    pub verify_password: VerifyPassword,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the event.
    pub ids: Arc<dyn Ids>,
}

/// Why nothing was verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailError {
    /// Not a token of ours, or used, replaced or too old. Which of these is not told.
    #[error("the token is not valid")]
    InvalidToken,
    /// Neither a session of the account nor its password was given.
    #[error("the account was not proven")]
    AccountNotProven,
    /// The account has another password.
    #[error("the password is wrong")]
    WrongPassword,
    /// Somebody else has the address that was to become the user's.
    #[error("this address is taken")]
    EmailTaken,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(VerifyEmailError);

impl VerifyEmail {
    /// Verifies the address, or makes the new one the user's, and uses the token up. The account is proven by `who`, a session
    /// of it, or by its password.
    ///
    /// Sessions go on: the change was asked for with the password, so it is no sign that somebody else is at it.
    pub async fn run(
        &self,
        client: Option<IpAddr>,
        token: &str,
        who: Option<&Principal>,
        password: Option<&Password>,
    ) -> Result<(), VerifyEmailError> {
        let guard = &self.verify_password.guard;
        guard.present_mailed_token(Door::VerifyEmail, client).await?;
        let verified = self.use_token(client, token, who, password).await;
        if let Err(VerifyEmailError::InvalidToken) = verified {
            guard.invalid_mailed_token(Door::VerifyEmail, client);
        }
        verified
    }

    async fn use_token(
        &self,
        client: Option<IpAddr>,
        token: &str,
        who: Option<&Principal>,
        password: Option<&Password>,
    ) -> Result<(), VerifyEmailError> {
        let token = find_mail_token(&*self.mail_tokens, &*self.store, token).await?;
        let token = token.ok_or(VerifyEmailError::InvalidToken)?;
        let now = self.clock.now();
        if token.purpose == MailPurpose::ResetPassword || !token.is_good(now) {
            return Err(VerifyEmailError::InvalidToken);
        }
        let verified = self.prove(client, &token, who, password).await?;
        let session = who.map(|who| who.session_id);
        self.verify_password.guard.check_ban(Door::VerifyEmail, client, token.user_id, session)?;

        let mut work = self.store.begin().await?;
        let user = lock(&mut *work, &token, verified.as_ref()).await?.user;
        // Somebody else may have used it since, or asked for a newer one.
        if !work.mail_tokens().take(token.digest, now).await? {
            return Err(VerifyEmailError::InvalidToken);
        }
        let kind = if token.purpose == MailPurpose::ChangeEmail {
            Some(change(&mut *work, &user, &token, now).await?)
        } else {
            verify(&mut *work, user, &token, now).await?
        };
        if let Some(kind) = kind {
            let (id, actor) = (token.user_id, Actor::User(token.user_id));
            work.outbox().append(&Event::new(self.ids.uuid(), id, actor, now, kind)).await?;
        }
        work.commit().await?;
        self.verify_password.guard.allowed(Door::VerifyEmail, client, token.user_id, session);
        Ok(())
    }

    /// `None` when a session proves the account.
    async fn prove(
        &self,
        client: Option<IpAddr>,
        token: &MailToken,
        who: Option<&Principal>,
        password: Option<&Password>,
    ) -> Result<Option<VerifiedAccount>, VerifyEmailError> {
        if who.is_some_and(|who| who.user.id == token.user_id) {
            return Ok(None);
        }
        let password = password.ok_or(VerifyEmailError::AccountNotProven)?;
        let user = self.store.users().find(token.user_id).await?.ok_or(VerifyEmailError::InvalidToken)?;
        let verified = self.verify_password.of_user(Door::VerifyEmail, client, &user, password).await?;
        verified.map(Some).ok_or(VerifyEmailError::WrongPassword)
    }
}

/// Locks the account of a token. A password that changed since it was verified is a wrong one.
async fn lock(
    work: &mut dyn UnitOfWork,
    token: &MailToken,
    verified: Option<&VerifiedAccount>,
) -> Result<Account, VerifyEmailError> {
    match verified {
        Some(verified) => verified.lock(work).await?.ok_or(VerifyEmailError::WrongPassword),
        None => work.users().lock(token.user_id).await?.ok_or(VerifyEmailError::InvalidToken),
    }
}

/// `None` when an operator or a reset was faster.
async fn verify(
    work: &mut dyn UnitOfWork,
    user: User,
    token: &MailToken,
    now: Timestamp,
) -> Result<Option<EventKind>, VerifyEmailError> {
    if user.email.key() != token.email.key() {
        return Err(VerifyEmailError::InvalidToken);
    }
    if user.email_verified {
        return Ok(None);
    }
    let after = work.users().update(&User { email_verified: true, updated_at: now, ..user }).await?;
    Ok(Some(EventKind::UserEmailVerified(after)))
}

/// Everything else that was mailed dies: it was sent to an address that is not the user's any more.
async fn change(
    work: &mut dyn UnitOfWork,
    user: &User,
    token: &MailToken,
    now: Timestamp,
) -> Result<EventKind, VerifyEmailError> {
    // Who was locked may have been so because somebody else had asked for this.
    if !user.is_active() {
        return Err(VerifyEmailError::InvalidToken);
    }
    let after = match work.users().set_email(user.id, &token.email, now).await {
        Err(StoreError::Conflict(Constraint::UserEmail)) => return Err(VerifyEmailError::EmailTaken),
        other => other?,
    };
    work.mail_tokens().remove_all_of(user.id, None).await?;
    Ok(EventKind::UserEmailChanged { user: after, from: user.email.clone() })
}
