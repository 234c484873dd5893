use std::sync::Arc;

use super::token_issuer::MailTokenIssuer;
use crate::domain::{
    Account, Actor, ClaimedMailRequest, EventKind, Invitation, MailPurpose, MailRequestKind, RequestedMail,
    User,
};
use crate::ports::{Store, UnitOfWork};
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;

/// Processes a mail request: looks up the account of the email address, and requests the mail if there is
/// one.
pub struct AnswerMailRequest {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail: MailTokenIssuer,
    pub(in crate::usecases) journal: Journal,
}

impl AnswerMailRequest {
    /// Appends the event that requests the mail, stores the token's digest and completes the request, all in
    /// one unit of work. Changes nothing if the claim was lost. It uses the connections of requests, not of
    /// the worker, since it does the work of a request; a worker processes one request at a time.
    pub async fn run(&self, request: &ClaimedMailRequest) -> Result<(), Failure> {
        let mut work = self.store.begin().await?;
        if !work.mail_requests().answer(request).await? {
            return Ok(());
        }
        let account = work.users().lock_by_email(&request.email).await?;
        if let Some(account) = account.filter(|account| is_for(request.kind, account))
            && !self.has_void_invitation(&mut *work, &account).await?
        {
            self.append(&mut *work, request, account.user).await?;
        }
        Ok(work.commit().await?)
    }

    /// Whether the invitation of a user without a password has expired, or went to another email address. A
    /// mail would be another invitation, and only an administrator sends one again.
    async fn has_void_invitation(
        &self,
        work: &mut dyn UnitOfWork,
        account: &Account,
    ) -> Result<bool, Failure> {
        if account.password_hash.is_usable() {
            return Ok(false);
        }
        let invitation = work.invitations().find_of(account.user.id).await?;
        let is_good = |invitation: &Invitation| {
            invitation.is_good(self.journal.now()) && invitation.is_for(&account.user.email)
        };
        Ok(invitation.is_some_and(|invitation| !is_good(&invitation)))
    }

    async fn append(
        &self,
        work: &mut dyn UnitOfWork,
        request: &ClaimedMailRequest,
        user: User,
    ) -> Result<(), Failure> {
        let (event_id, id, now) = (self.journal.id(), user.id, self.journal.now());
        let mut put_token = async |purpose| {
            let token = self.mail.issue(event_id, purpose, id, &user.email, now);
            work.mail_tokens().put(&token).await.map(|()| token.expires_at)
        };
        let language = request.language.clone();
        let event = match request.kind {
            MailRequestKind::ResetPassword => {
                let expires_at = put_token(MailPurpose::ResetPassword).await?;
                EventKind::UserPasswordResetRequested(RequestedMail { user, expires_at, language })
            }
            MailRequestKind::VerifyEmail => {
                let expires_at = put_token(MailPurpose::VerifyEmail).await?;
                EventKind::UserVerificationRequested(RequestedMail { user, expires_at, language })
            }
            MailRequestKind::GuessingWarning => EventKind::UserGuessingDetected(user),
        };
        Ok(self.journal.append_as(work, event_id, id, Actor::Service, now, event).await?)
    }
}

/// Whether the user of this account gets a mail of this kind. The page that verifies an email address asks
/// for a password.
fn is_for(kind: MailRequestKind, account: &Account) -> bool {
    kind != MailRequestKind::VerifyEmail
        || (!account.user.email_verified && account.password_hash.is_usable())
}
