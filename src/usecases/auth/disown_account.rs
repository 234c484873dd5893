use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{
    Account, Actor, DisownedEmail, EventKind, MailPurpose, MailToken, PasswordHash, RevocationReason,
    Timestamp, User,
};
use crate::ports::{Door, MailTokens, Store};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::find_mail_token::find_mail_token;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::revocation::{Revoking, begin_without_sessions};

/// Accepts the token of a mail as proof that an email address belongs to a person who does not know the
/// account: the user registered with a stranger's email address, or requested a change to one.
pub struct DisownAccount {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) mail_tokens: Arc<dyn MailTokens>,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why nothing was changed.
    pub enum DisownAccountError {
        // Unknown, used, replaced or expired, or the email address is verified. Which of these is not
        // disclosed.
        InvalidToken = "the token is not valid",
    }
}

impl DisownAccount {
    /// Makes the password of an account with an unverified email address unusable and revokes its sessions,
    /// or withdraws a change of the email address. Consumes the token.
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
        let now = self.journal.now();
        if !token.is_good(now) {
            return Err(DisownAccountError::InvalidToken);
        }
        match token.purpose {
            MailPurpose::VerifyEmail => self.close_account(&token, now).await?,
            MailPurpose::ChangeEmail => self.withdraw_change(&token, now).await?,
            MailPurpose::ResetPassword | MailPurpose::AcceptInvitation => {
                return Err(DisownAccountError::InvalidToken);
            }
        }
        self.guard.allowed(Door::DisownAccount, client, token.user_id, None);
        Ok(())
    }

    /// The account is kept, so that the owner of the email address can take it over by a password reset, and
    /// an operator can repair a mistake.
    async fn close_account(&self, token: &MailToken, now: Timestamp) -> Result<(), DisownAccountError> {
        let (user, actor, reason) = (token.user_id, Actor::Service, RevocationReason::Disowned);
        let revoking = Revoking { user, except: None, actor, reason, at: now };
        // A verified email address belongs to a person who also has the account.
        let is_disownable = |user: &User| !user.email_verified && user.email.key() == token.email.key();
        let check = |locked: Option<Account>| {
            locked.filter(|locked| is_disownable(&locked.user)).ok_or(DisownAccountError::InvalidToken)
        };
        let (mut work, locked) =
            begin_without_sessions(&*self.store, &self.journal, &revoking, check).await?;
        if !work.mail_tokens().take(token.digest, now).await? {
            return Err(DisownAccountError::InvalidToken);
        }
        work.users().set_password_hash(user, &PasswordHash::unusable()).await?;
        let after = work.users().update(&User { updated_at: now, ..locked.user }).await?;
        // For instance, a change of the email address that the registrant requested.
        work.mail_tokens().remove_all_of(user, None).await?;
        let disowned = EventKind::UserDisowned(after);
        self.journal.append(&mut *work, user, actor, now, disowned).await?;
        work.commit().await?;
        Ok(())
    }

    /// Leaves the account unchanged: the token proves only the ownership of the requested new email address.
    async fn withdraw_change(&self, token: &MailToken, now: Timestamp) -> Result<(), DisownAccountError> {
        let mut work = self.store.begin().await?;
        let locked = work.users().lock(token.user_id).await?.ok_or(DisownAccountError::InvalidToken)?;
        if !work.mail_tokens().take(token.digest, now).await? {
            return Err(DisownAccountError::InvalidToken);
        }
        let (user, new_email) = (locked.user, token.email.clone());
        let (id, kind) = (user.id, EventKind::UserEmailChangeDisowned(DisownedEmail { user, new_email }));
        self.journal.append(&mut *work, id, Actor::Service, now, kind).await?;
        work.commit().await?;
        Ok(())
    }
}
