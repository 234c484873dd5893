use std::net::IpAddr;
use std::sync::Arc;

use super::guard::Guard;
use super::verified_account::VerifiedAccount;
use crate::domain::{Account, Email, MailRequestKind, Password, User};
use crate::ports::{Decoys, Door, Origin, Outcome, PasswordHasher, Store, StoreError, Verification};
use crate::usecases::failure::Failure;
use crate::usecases::mail::record_request::MailRequestRecorder;

/// Verifies the password of an account. All operations use it, so that none is without limits.
///
/// It asks the guard first, then reserves a permit of the password pool, and only then reads the store: a
/// refused attempt costs neither a hash nor a query.
#[derive(Clone)]
pub struct VerifyPassword {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) decoys: Arc<dyn Decoys>,
    pub(in crate::usecases) mail_requests: MailRequestRecorder,
    pub(in crate::usecases) guard: Guard,
    /// Whether the password of an account opens it before its email address is verified.
    pub(in crate::usecases) opens_unverified: bool,
}

impl VerifyPassword {
    /// Verifies the password of the account with this email address. Returns `None` if it is wrong, there is
    /// no such account, or the account does not open before its email address is verified; the work is the
    /// same.
    pub(in crate::usecases) async fn by_email(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
        password: &Password,
    ) -> Result<Option<VerifiedAccount>, Failure> {
        let find = async || self.store.users().find_account_by_email(email).await;
        let opens = |account: &Account| self.opens_unverified || account.user.email_verified;
        self.verify(door, client, email, password, find, opens).await
    }

    /// Verifies the password of a logged-in user. Returns `None` if it is wrong.
    pub(in crate::usecases) async fn of_user(
        &self,
        door: Door,
        client: Option<IpAddr>,
        user: &User,
        password: &Password,
    ) -> Result<Option<VerifiedAccount>, Failure> {
        let find = async || self.store.users().find_account(user.id).await;
        self.verify(door, client, &user.email, password, find, |_| true).await
    }

    /// Returns why the account of a logged-in user was not verified: the password is wrong, or the account
    /// was deleted after the request was authenticated, for example by an earlier attempt of the same
    /// deletion whose commit took longer than its client waited.
    pub(in crate::usecases) async fn unverified<E>(
        &self,
        user: &User,
        wrong: E,
        deleted: E,
    ) -> Result<E, Failure> {
        let found = self.store.users().find(user.id).await?;
        Ok(if found.is_some() { wrong } else { deleted })
    }

    async fn verify(
        &self,
        door: Door,
        client: Option<IpAddr>,
        email: &Email,
        password: &Password,
        find: impl AsyncFnOnce() -> Result<Option<Account>, StoreError>,
        opens: impl Fn(&Account) -> bool + Send + Sync,
    ) -> Result<Option<VerifiedAccount>, Failure> {
        let attempt = self.guard.password(door, client, email).await?;
        let (account, verification) = match self.compare(client, email, password, find, &opens).await {
            Ok(compared) => compared,
            Err(failure) => {
                attempt.undecided().await;
                return Err(failure);
            }
        };
        match (account, verification) {
            (Some(account), Verification::Right | Verification::RightButOutdated) if opens(&account) => {
                attempt.right().await;
                let outdated = verification == Verification::RightButOutdated;
                Ok(Some(VerifiedAccount { account, outdated }))
            }
            (account, _) => {
                let user = account.map(|account| account.user.id);
                attempt.wrong(user).await;
                if self.guard.is_guessed_at(email).await {
                    self.guard.refused(door, client, Outcome::Guessing, user, None);
                    self.warn(email).await;
                }
                Ok(None)
            }
        }
    }

    /// An account that does not open costs what its email address costs without an account. Otherwise the
    /// time would change when a stranger registers an address that was free.
    async fn compare(
        &self,
        client: Option<IpAddr>,
        email: &Email,
        password: &Password,
        find: impl AsyncFnOnce() -> Result<Option<Account>, StoreError>,
        opens: &(impl Fn(&Account) -> bool + Sync),
    ) -> Result<(Option<Account>, Verification), Failure> {
        let turn = self.hasher.reserve(&Origin::new(client, email))?;
        let account = find().await?;
        let hash = account.as_ref().filter(|account| opens(account)).map(|account| &account.password_hash);
        let verification = turn.verify(password, hash, &self.decoys.of(email)).await?;
        Ok((account, verification))
    }

    /// Requests a warning to the user, if there is one, at most once a day. The response to the wrong
    /// password is the same even if this fails. The language of the client does not matter: it is that of the
    /// person who guesses.
    async fn warn(&self, email: &Email) {
        if let Err(failure) = self.mail_requests.record(MailRequestKind::GuessingWarning, email, None).await {
            tracing::warn!(%failure, "failed to record the warning of wrong passwords");
        }
    }
}
