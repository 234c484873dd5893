use std::net::IpAddr;
use std::sync::Arc;

use super::authenticate::Principal;
use crate::domain::{
    Account, Actor, EmailChange, EventKind, MailPurpose, MailToken, Password, Timestamp, User,
};
use crate::ports::{Constraint, Door, MailTokens, Store, StoreError, UnitOfWork};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::find_mail_token::find_mail_token;
use crate::usecases::rules::verified_account::VerifiedAccount;
use crate::usecases::rules::verify_password::VerifyPassword;

/// Accepts the token of a mail as proof that the email address belongs to the user: the current email
/// address, or the requested new one. The client must also prove the account. Otherwise the owner of an email
/// address would verify it for a stranger who registered with it.
pub struct VerifyEmail {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail_tokens: Arc<dyn MailTokens>,
    pub(in crate::usecases) verify_password: VerifyPassword,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why nothing was verified.
    pub enum VerifyEmailError {
        // Unknown, used, replaced or expired. Which of these is not disclosed.
        InvalidToken = "the token is not valid",
        // The request has neither a session of the account nor its password.
        AccountNotVerified = "the password or an access token of the account is required",
        WrongPassword = "the password is wrong",
        EmailTaken = "another account has this email address",
    }
}

impl VerifyEmail {
    /// Verifies the email address, or changes it to the new one, and consumes the token. The account is
    /// verified by `who`, one of its sessions, or by its password.
    ///
    /// Sessions continue: the change was requested with the password, so it is no sign of an attack.
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
        let now = self.journal.now();
        let is_for_it = matches!(token.purpose, MailPurpose::VerifyEmail | MailPurpose::ChangeEmail);
        if !is_for_it || !token.is_good(now) {
            return Err(VerifyEmailError::InvalidToken);
        }
        let verified = self.prove(client, &token, who, password).await?;
        let session = who.map(|who| who.session_id);
        self.verify_password.guard.check_ban(Door::VerifyEmail, client, token.user_id, session)?;

        let mut work = self.store.begin().await?;
        let user = lock(&mut *work, &token, verified.as_ref()).await?.user;
        // The token may have been used or replaced by a newer one since it was found.
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
            self.journal.append(&mut *work, id, actor, now, kind).await?;
        }
        work.commit().await?;
        self.verify_password.guard.allowed(Door::VerifyEmail, client, token.user_id, session);
        Ok(())
    }

    /// Returns `None` if a session proves the account.
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
        let password = password.ok_or(VerifyEmailError::AccountNotVerified)?;
        let user = self.store.users().find(token.user_id).await?.ok_or(VerifyEmailError::InvalidToken)?;
        let verified = self.verify_password.of_user(Door::VerifyEmail, client, &user, password).await?;
        verified.map(Some).ok_or(VerifyEmailError::WrongPassword)
    }
}

/// Locks the account of a token. Fails if the password has changed since it was verified.
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

/// Returns `None` if the email address was verified in the meantime.
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

/// Also removes all other mailed tokens, which were sent to the previous email address.
async fn change(
    work: &mut dyn UnitOfWork,
    user: &User,
    token: &MailToken,
    now: Timestamp,
) -> Result<EventKind, VerifyEmailError> {
    // The reason for the lock may be that an attacker requested this.
    if !user.is_active() {
        return Err(VerifyEmailError::InvalidToken);
    }
    let after = match work.users().set_email(user.id, &token.email, now).await {
        Err(StoreError::Conflict(Constraint::UserEmail)) => return Err(VerifyEmailError::EmailTaken),
        other => other?,
    };
    work.mail_tokens().remove_all_of(user.id, None).await?;
    Ok(EventKind::UserEmailChanged(EmailChange { user: after, from: user.email.clone() }))
}
