use std::sync::Arc;

use crate::domain::{Actor, ClaimedRegistration, EventKind, RegistrationRequest, User};
use crate::ports::{Door, Store, UnitOfWork};
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::new_account::{AccountCreator, FirstMail, NewUser};

/// Answers a recorded request to register: creates the user if the email address is free, or else notifies
/// its owner.
pub struct AnswerRegistration {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) accounts: AccountCreator,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) journal: Journal,
}

/// How a request to register ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredRegistration {
    /// It was answered, by this worker or by another one.
    Answered,
    /// It had waited too long for a worker, and was dropped.
    Expired,
}

impl AnswerRegistration {
    /// Answers the request in one unit of work, with the new user or with the notice. Changes nothing if the
    /// claim was lost. It uses the connections of requests, not of the worker, since it does the work of a
    /// request; a worker answers one request at a time.
    pub async fn run(&self, claimed: &ClaimedRegistration) -> Result<AnsweredRegistration, Failure> {
        if claimed.request.has_expired(self.journal.now()) {
            return self.discard(claimed).await;
        }
        loop {
            let mut work = self.store.begin().await?;
            if let Some(account) = work.users().lock_by_email(&claimed.request.email).await? {
                self.notify(claimed, account.user, work).await?;
            } else if !self.create(claimed, work).await? {
                continue;
            }
            return Ok(AnsweredRegistration::Answered);
        }
    }

    /// Returns false if the email address was taken since the look-up.
    async fn create(
        &self,
        claimed: &ClaimedRegistration,
        mut work: Box<dyn UnitOfWork>,
    ) -> Result<bool, Failure> {
        if !work.registration_requests().answer(claimed, None).await? {
            return Ok(true);
        }
        let RegistrationRequest { email, password_hash, name, locale, metadata, may_mail, .. } =
            claimed.request.clone();
        let new = NewUser { name, locale, metadata, ..NewUser::new(email) };
        let mail = FirstMail::of_visitor(may_mail);
        let inserted = self.accounts.insert(&mut *work, new, &password_hash, mail, None).await?;
        let Some(user) = inserted else { return Ok(false) };
        work.commit().await?;
        // The client is not stored. The line has the id of its request.
        self.guard.allowed(Door::Register, None, user.id, None);
        Ok(true)
    }

    async fn notify(
        &self,
        claimed: &ClaimedRegistration,
        owner: User,
        mut work: Box<dyn UnitOfWork>,
    ) -> Result<(), Failure> {
        let now = self.journal.now();
        let has_notice = claimed.has_notice(now);
        if !work.registration_requests().answer(claimed, has_notice.then_some(now)).await? {
            return Ok(());
        }
        if has_notice {
            let (id, kind) = (owner.id, EventKind::UserRegistrationRepeated(owner));
            self.journal.append(&mut *work, id, Actor::Service, now, kind).await?;
        }
        Ok(work.commit().await?)
    }

    async fn discard(&self, claimed: &ClaimedRegistration) -> Result<AnsweredRegistration, Failure> {
        let mut work = self.store.begin().await?;
        if !work.registration_requests().answer(claimed, None).await? {
            return Ok(AnsweredRegistration::Answered);
        }
        work.commit().await?;
        Ok(AnsweredRegistration::Expired)
    }
}
