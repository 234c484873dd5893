use std::sync::Arc;

use super::token_issuer::MailTokenIssuer;
use crate::domain::{Actor, ClaimedMailRequest, Event, EventKind, MailPurpose, MailRequestKind, User};
use crate::ports::{Clock, Ids, Store, UnitOfWork};
use crate::usecases::failure::Failure;

/// Answers a request for a mail: looks for the account of the address, and asks for the mail if there is one.
pub struct AnswerMailRequest {
    /// Keeps the account and the request.
    pub store: Arc<dyn Store>,
    /// Makes the token.
    pub mail: MailTokenIssuer,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the event.
    pub ids: Arc<dyn Ids>,
}

impl AnswerMailRequest {
    /// Appends the event that asks for the mail, stores the token that the mail will carry and completes the request, all in
    /// one unit of work. Changes nothing if the claim has ended. It takes connections of requests, not of the worker, since it
    /// does the work that a request was for; a worker answers one request at a time.
    pub async fn run(&self, request: &ClaimedMailRequest) -> Result<(), Failure> {
        let found = self.store.users().find_account_by_email(&request.email).await?;
        let mut work = self.store.begin().await?;
        if !work.mail_requests().answer(request).await? {
            return Ok(());
        }
        if let Some(found) = found {
            let user = work.users().lock(found.user.id).await?.map(|account| account.user);
            // The address may have become another user's, or have been verified, since it was looked for.
            let user = user.filter(|user| user.email.key() == request.email.key());
            if let Some(user) = user.filter(|user| is_for(request.kind, user)) {
                self.append(&mut *work, request.kind, user).await?;
            }
        }
        Ok(work.commit().await?)
    }

    async fn append(
        &self,
        work: &mut dyn UnitOfWork,
        kind: MailRequestKind,
        user: User,
    ) -> Result<(), Failure> {
        let (event_id, id, now) = (self.ids.uuid(), user.id, self.clock.now());
        let mut put_token = async |purpose| {
            let token = self.mail.issue(event_id, purpose, id, &user.email, now);
            work.mail_tokens().put(&token).await.map(|()| token.expires_at)
        };
        let event = match kind {
            MailRequestKind::ResetPassword => {
                let expires_at = put_token(MailPurpose::ResetPassword).await?;
                EventKind::UserPasswordResetRequested { user, expires_at }
            }
            MailRequestKind::VerifyEmail => {
                let expires_at = put_token(MailPurpose::VerifyEmail).await?;
                EventKind::UserVerificationRequested { user, expires_at }
            }
            MailRequestKind::GuessingWarning => EventKind::UserGuessingDetected(user),
        };
        work.outbox().append(&Event::new(event_id, id, Actor::Service, now, event)).await?;
        Ok(())
    }
}

/// Whether this user gets a mail of this kind.
fn is_for(kind: MailRequestKind, user: &User) -> bool {
    kind != MailRequestKind::VerifyEmail || !user.email_verified
}
