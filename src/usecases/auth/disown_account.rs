use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{
    Actor, Event, EventKind, MailPurpose, MailToken, PasswordHash, RevocationReason, Timestamp, User,
};
use crate::ports::{Clock, Door, Ids, MailTokens, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::mail::token_issuer::find_mail_token;
use crate::usecases::rules::guard::Guard;
use crate::usecases::sessions::revoke_all::{Ended, revoke_sessions};

/// Takes the token of a mail as proof that an address belongs to a person who does not know the account: the account was
/// registered with a stranger's address, or wants to change to one.
pub struct DisownAccount {
    /// Keeps the account.
    pub store: Arc<dyn Store>,
    /// Knows the token.
    pub mail_tokens: Arc<dyn MailTokens>,
    /// Limits tokens.
    pub guard: Guard,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the events.
    pub ids: Arc<dyn Ids>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DisownAccountError {
    /// Not a token of ours, or used, replaced or too old, or the address is verified. Which of these is not told.
    #[error("the token is not valid")]
    InvalidToken,
    /// The service could not.
    #[error(transparent)]
    Failed(Failure),
}
fails!(DisownAccountError);

impl DisownAccount {
    /// Makes the password of an account with an unverified address unusable and revokes its sessions; or withdraws a change
    /// of address. Uses the token up.
    pub async fn run(&self, client: Option<IpAddr>, token: &str) -> Result<(), DisownAccountError> {
        self.guard.present_mailed_token(Door::DisownAccount, client).await?;
        let disowned = self.disown(client, token).await;
        if let Err(DisownAccountError::InvalidToken) = disowned {
            self.guard.invalid_mailed_token(Door::DisownAccount, client);
        }
        disowned
    }

    async fn disown(&self, client: Option<IpAddr>, token: &str) -> Result<(), DisownAccountError> {
        let token = find_mail_token(&*self.mail_tokens, &*self.store, token).await?;
        let token = token.ok_or(DisownAccountError::InvalidToken)?;
        let now = self.clock.now();
        if !token.is_good(now) {
            return Err(DisownAccountError::InvalidToken);
        }
        match token.purpose {
            MailPurpose::VerifyEmail => self.close_account(&token, now).await?,
            MailPurpose::ChangeEmail => self.withdraw_change(&token, now).await?,
            MailPurpose::ResetPassword => return Err(DisownAccountError::InvalidToken),
        }
        self.guard.allowed(Door::DisownAccount, client, token.user_id, None);
        Ok(())
    }

    /// The account stays, so that its owner can take it over by a reset, and an operator can repair a mistake.
    async fn close_account(&self, token: &MailToken, now: Timestamp) -> Result<(), DisownAccountError> {
        let (user, actor, reason) = (token.user_id, Actor::Service, RevocationReason::Disowned);
        let ending = Ended { user, except: None, actor, reason, now };
        let (mut work, locked) = loop {
            let mut work = self.store.begin().await?;
            let locked = work.users().lock(user).await?.map(|account| account.user);
            // A verified address was proven by a person who has the account too.
            let locked = locked.filter(|user| !user.email_verified && user.email.key() == token.email.key());
            let locked = locked.ok_or(DisownAccountError::InvalidToken)?;
            if let Some(work) = revoke_sessions(work, &*self.ids, &ending).await? {
                break (work, locked);
            }
        };
        if !work.mail_tokens().take(token.digest, now).await? {
            return Err(DisownAccountError::InvalidToken);
        }
        work.users().set_password_hash(user, &PasswordHash::unusable()).await?;
        let after = work.users().update(&User { updated_at: now, ..locked }).await?;
        // A change of address that the person who registered may have begun, for instance.
        work.mail_tokens().remove_all_of(user, None).await?;
        let disowned = EventKind::UserDisowned(after);
        work.outbox().append(&Event::new(self.ids.uuid(), user, actor, now, disowned)).await?;
        work.commit().await?;
        Ok(())
    }

    /// The account is not touched: the token proves nothing but the address that was to become its address.
    async fn withdraw_change(&self, token: &MailToken, now: Timestamp) -> Result<(), DisownAccountError> {
        let mut work = self.store.begin().await?;
        let locked = work.users().lock(token.user_id).await?.ok_or(DisownAccountError::InvalidToken)?;
        if !work.mail_tokens().take(token.digest, now).await? {
            return Err(DisownAccountError::InvalidToken);
        }
        let (user, new_email) = (locked.user, token.email.clone());
        let (id, kind) = (user.id, EventKind::UserEmailChangeDisowned { user, new_email });
        work.outbox().append(&Event::new(self.ids.uuid(), id, Actor::Service, now, kind)).await?;
        work.commit().await?;
        Ok(())
    }
}
