use std::sync::Arc;

use crate::domain::{Actor, ClaimedRegistration, EventKind, RegistrationRequest, UserId};
use crate::ports::{Door, Store};
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::new_account::{AccountCreator, NewAccount};

/// Answers a recorded request to register: creates the user if the email address is free, or else notifies
/// its owner.
pub struct AnswerRegistration {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) accounts: AccountCreator,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) journal: Journal,
}

impl AnswerRegistration {
    /// Answers the request in one unit of work, with the new user or with the notice. Changes nothing if the
    /// claim was lost. It uses the connections of requests, not of the worker, since it does the work of a
    /// request; a worker answers one request at a time.
    pub async fn run(&self, claimed: &ClaimedRegistration) -> Result<(), Failure> {
        if claimed.request.has_expired(self.journal.now()) {
            return self.discard(claimed).await;
        }
        loop {
            let found = self.store.users().find_account_by_email(&claimed.request.email).await?;
            let is_answered = match found {
                Some(account) => self.notify(claimed, account.user.id).await?,
                None => self.create(claimed).await?,
            };
            if is_answered {
                return Ok(());
            }
        }
    }

    /// Returns false if the email address was taken in the meantime.
    async fn create(&self, claimed: &ClaimedRegistration) -> Result<bool, Failure> {
        let mut work = self.store.begin().await?;
        if !work.registration_requests().answer(claimed, None).await? {
            return Ok(true);
        }
        let RegistrationRequest { email, password_hash, name, locale, metadata, may_mail, .. } =
            claimed.request.clone();
        let account = NewAccount::of_visitor(email, password_hash, name, locale, metadata, may_mail);
        let Some(user) = self.accounts.insert(&mut *work, account).await? else { return Ok(false) };
        work.commit().await?;
        // The client is not stored. The line has the id of its request.
        self.guard.allowed(Door::Register, None, user.id, None);
        Ok(true)
    }

    /// Returns false if the user has another email address by now, or was deleted.
    async fn notify(&self, claimed: &ClaimedRegistration, id: UserId) -> Result<bool, Failure> {
        let now = self.journal.now();
        let has_notice = claimed.has_notice(now);
        let mut work = self.store.begin().await?;
        if !work.registration_requests().answer(claimed, has_notice.then_some(now)).await? {
            return Ok(true);
        }
        let locked = work.users().lock(id).await?.map(|account| account.user);
        let Some(user) = locked.filter(|user| user.email.key() == claimed.request.email.key()) else {
            return Ok(false);
        };
        if has_notice {
            let kind = EventKind::UserRegistrationRepeated(user);
            self.journal.append(&mut *work, id, Actor::Service, now, kind).await?;
        }
        work.commit().await?;
        Ok(true)
    }

    async fn discard(&self, claimed: &ClaimedRegistration) -> Result<(), Failure> {
        let mut work = self.store.begin().await?;
        if work.registration_requests().answer(claimed, None).await? {
            work.commit().await?;
            tracing::warn!("registration expired, no worker answered it in time");
        }
        Ok(())
    }
}
