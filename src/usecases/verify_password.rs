use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::failure::Failure;
use super::guard::Guard;
use crate::domain::{Account, Actor, Email, Event, EventKind, MailPurpose, Password, User, UserId};
use crate::ports::{
    Clock, Door, Ids, MailTokens, Origin, Outcome, PasswordHasher, Store, StoreError, UnitOfWork,
    Verification,
};

/// A user is warned as often as this of guesses at the password.
const WARNING_PAUSE: Duration = Duration::from_hours(24);

/// The id of no user.
const NOBODY: UserId = UserId(Uuid::nil());

/// Verifies the password of an account: the one way to do it, so that no operation is without limits.
///
/// First the guard is asked, then for a place in the queue of passwords, and only then the store: a refused attempt
/// costs neither a hash nor a query.
#[derive(Clone)]
pub struct VerifyPassword {
    /// Keeps the account.
    pub store: Arc<dyn Store>,
    /// Verifies the password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Hides the address that was warned of.
    pub mail_tokens: Arc<dyn MailTokens>,
    /// Limits attempts.
    pub guard: Guard,
    /// Tells when.
    pub clock: Arc<dyn Clock>,
    /// Names the event.
    pub ids: Arc<dyn Ids>,
}

/// An account whose password was verified in this request.
///
/// Hashing takes long and no transaction may wait for it, so the account is locked only afterwards: in between its
/// password can change. [`VerifiedAccount::lock`] says whether it did.
pub(super) struct VerifiedAccount {
    /// The account as it was when the password was verified.
    pub account: Account,
    /// Whether its hash is weaker than new ones are.
    pub outdated: bool,
}

impl VerifyPassword {
    /// Verifies the password of the account with this address. `None` if it is wrong or there is no such account: the work
    /// is the same.
    pub(super) async fn by_email(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
        password: &Password,
    ) -> Result<Option<VerifiedAccount>, Failure> {
        let find = async || self.store.users().find_account_by_email(email).await;
        self.verify(door, client, email, password, find).await
    }

    /// Verifies the password of a user who is logged in. `None` if it is wrong.
    pub(super) async fn of_user(
        &self,
        door: Door,
        client: Option<IpAddr>,
        user: &User,
        password: &Password,
    ) -> Result<Option<VerifiedAccount>, Failure> {
        let find = async || self.store.users().find_account(user.id).await;
        self.verify(door, client, &user.email, password, find).await
    }

    async fn verify(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
        password: &Password,
        find: impl AsyncFnOnce() -> Result<Option<Account>, StoreError>,
    ) -> Result<Option<VerifiedAccount>, Failure> {
        let attempt = self.guard.password(door, client, email).await?;
        let (account, verification) = match self.compare(&Origin::new(client, email), password, find).await {
            Ok(compared) => compared,
            Err(failure) => {
                attempt.undecided().await;
                return Err(failure);
            }
        };
        match (account, verification) {
            (Some(account), Verification::Right | Verification::RightButOutdated) => {
                attempt.right().await;
                let outdated = verification == Verification::RightButOutdated;
                Ok(Some(VerifiedAccount { account, outdated }))
            }
            (account, _) => {
                let user = account.map(|account| account.user.id);
                attempt.wrong(user).await;
                if self.guard.is_guessed_at(email).await {
                    self.guard.refused(door, client, Outcome::Guessing, user, None);
                    self.warn(email, user.unwrap_or(NOBODY)).await;
                }
                Ok(None)
            }
        }
    }

    async fn compare(
        &self,
        origin: &Origin,
        password: &Password,
        find: impl AsyncFnOnce() -> Result<Option<Account>, StoreError>,
    ) -> Result<(Option<Account>, Verification), Failure> {
        let turn = self.hasher.line_up(origin)?;
        let account = find().await?;
        let hash = account.as_ref().map(|account| &account.password_hash);
        let verification = turn.verify(password, hash).await?;
        Ok((account, verification))
    }

    /// Has the user warned, once a day. The answer to the wrong password is the same whether or not that succeeds.
    async fn warn(&self, email: &Email, user: UserId) {
        if let Err(failure) = self.append_warning(email, user).await {
            tracing::warn!(%failure, %user, "the warning of guesses was not recorded");
        }
    }

    /// Appends the event that has the user warned. Where there is no user, as many statements run and the same commit is
    /// waited for, so that time does not tell.
    async fn append_warning(&self, email: &Email, user: UserId) -> Result<(), Failure> {
        let now = self.clock.now();
        let mut work = self.store.begin().await?;
        // A purpose and a user that no mail has, so that no other request meets this digest.
        let digest = self.mail_tokens.address_digest(email, MailPurpose::ResetPassword, Some(NOBODY));
        if !work.mail_throttle().pass(digest, now, now.minus(WARNING_PAUSE)).await? {
            return Ok(());
        }
        match work.users().lock(user).await? {
            Some(Account { user, .. }) => {
                let id = user.id;
                let kind = EventKind::UserGuessingDetected(user);
                work.outbox().append(&Event::new(self.ids.uuid(), id, Actor::Service, now, kind)).await?;
            }
            None => work.mail_tokens().remove_all_of(NOBODY, None).await?,
        }
        Ok(work.commit().await?)
    }
}

impl VerifiedAccount {
    /// Locks the account until the unit of work ends. `None` when its hash is another one by now, or it is gone: the password
    /// has to be verified again.
    pub async fn lock(&self, work: &mut dyn UnitOfWork) -> Result<Option<Account>, Failure> {
        let locked = work.users().lock(self.account.user.id).await?;
        Ok(locked.filter(|locked| locked.password_hash == self.account.password_hash))
    }
}
