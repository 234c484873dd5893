use std::net::IpAddr;
use std::sync::Arc;

use super::record_registration::{Registration, RegistrationRecorder};
use crate::domain::{RegistrationMode, User};
use crate::ports::{Door, Origin, Outcome, PasswordHasher, Store};
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::new_account::{AccountCreator, FirstMail, NewUser};
use crate::usecases::users::CreateUserError;

/// Creates a user for an anonymous client.
pub struct Register {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) accounts: AccountCreator,
    pub(in crate::usecases) registrations: RegistrationRecorder,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) registration_mode: RegistrationMode,
    /// Whether the answer shows that an email address is taken.
    pub(in crate::usecases) reveal_existing: bool,
}

/// The result of a registration.
#[derive(Debug)]
pub enum Registered {
    /// The user was created.
    Created(User),
    /// The request was recorded. A worker creates the user, or notifies the owner of a taken email address.
    Requested,
}

impl Register {
    /// Creates the user and appends the event, which requests a mail to verify the email address; or records
    /// the request, where the answer must not show whether the email address is taken.
    pub async fn run(
        &self,
        client: Option<IpAddr>,
        registration: Registration,
    ) -> Result<Registered, CreateUserError> {
        let email = registration.email.clone();
        // Before anything that depends on the email address.
        if self.registration_mode != RegistrationMode::Open {
            // It counts too, because it leaves a line in the log.
            self.guard.register(client, &email).await?;
            self.guard.refused(Door::Register, client, Outcome::Forbidden, None, None);
            return Err(CreateUserError::Closed);
        }
        registration.password.check_against(&email).map_err(CreateUserError::WeakPassword)?;
        self.guard.register(client, &email).await?;
        let may_mail = self.guard.may_mail(Door::Register, client, &email).await;
        let registered = self.register(client, registration, may_mail).await;
        match &registered {
            Ok(Registered::Created(user)) => self.guard.allowed(Door::Register, client, user.id, None),
            // The client is asked to retry, which must not use up its budget.
            Err(CreateUserError::Failed(_)) => self.guard.did_not_register(client).await,
            Ok(Registered::Requested) | Err(_) => {}
        }
        registered
    }

    async fn register(
        &self,
        client: Option<IpAddr>,
        registration: Registration,
        may_mail: bool,
    ) -> Result<Registered, CreateUserError> {
        let origin = Origin::new(client, &registration.email);
        let hash = self.hasher.hash(&origin, registration.password.as_password()).await?;
        if !self.reveal_existing {
            self.registrations.record(registration, hash, may_mail).await?;
            return Ok(Registered::Requested);
        }
        let mut work = self.store.begin().await?;
        let Registration { email, password: _, name, locale, metadata } = registration;
        let new = NewUser { name, locale, metadata, ..NewUser::new(email) };
        let mail = FirstMail::of_visitor(may_mail);
        let inserted = self.accounts.insert(&mut *work, new, &hash, mail, None).await?;
        let user = inserted.ok_or(CreateUserError::EmailTaken)?;
        work.commit().await?;
        Ok(Registered::Created(user))
    }
}
