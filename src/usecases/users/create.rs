use std::sync::Arc;

use crate::domain::{Actor, NewPassword, PasswordHash, RegistrationMode, User, WeakPassword};
use crate::ports::{NotVerified, Origin, PasswordHasher, Store};
use crate::usecases::failure::errors;
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::new_account::{AccountCreator, FirstMail, NewUser};

/// Creates a user for an administrator, an operator or a program.
pub struct CreateUser {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) accounts: AccountCreator,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) registration_mode: RegistrationMode,
}

/// How a new user logs in first.
#[derive(Clone, Debug)]
pub enum Credential {
    /// With this password.
    Password(NewPassword),
    /// With the password of this hash.
    Imported(ImportedHash),
    /// With a password that the user sets with a mailed link.
    Invitation,
}

/// A hash from another service that can be verified here: [`CreateUser::import`].
#[derive(Clone, Debug)]
pub struct ImportedHash(PasswordHash);

errors! {
    /// Why no user was created.
    pub enum CreateUserError {
        // The settings do not let the creator create accounts.
        Closed = "accounts cannot be created in this way",
        EmailTaken = "another account has this email address",
        WeakPassword(WeakPassword) = "{0}",
    }
}

impl CreateUser {
    /// Accepts a hash from another service, unless it would never be verified.
    pub fn import(&self, hash: PasswordHash) -> Result<ImportedHash, NotVerified> {
        self.hasher.cost_of(&hash).map(|_| ImportedHash(hash))
    }

    /// Creates the user and appends the event. This requests a mail with the invitation, or, unless the email
    /// address counts as verified, to verify it.
    pub async fn run(
        &self,
        new: NewUser,
        credential: Credential,
        actor: Actor,
    ) -> Result<User, CreateUserError> {
        if !self.registration_mode.lets_create(actor) {
            return Err(CreateUserError::Closed);
        }
        let is_mailed = matches!(credential, Credential::Invitation) || !new.email_verified;
        let email = new.email.clone();
        if is_mailed {
            self.guard.invite(actor, &email).await?;
        }
        let created = self.create(new, credential, actor).await;
        if is_mailed && created.is_err() {
            self.guard.did_not_invite(actor, &email).await;
        }
        created
    }

    async fn create(
        &self,
        new: NewUser,
        credential: Credential,
        actor: Actor,
    ) -> Result<User, CreateUserError> {
        let verification = if new.email_verified { FirstMail::None } else { FirstMail::Verification };
        let (hash, mail) = match credential {
            Credential::Password(password) => {
                password.check_against(&new.email).map_err(CreateUserError::WeakPassword)?;
                let hash = self.hasher.hash(&Origin::default(), password.as_password()).await?;
                (hash, verification)
            }
            Credential::Imported(ImportedHash(hash)) => (hash, verification),
            Credential::Invitation => (PasswordHash::unusable(), FirstMail::Invitation),
        };
        let mut work = self.store.begin().await?;
        let inserted = self.accounts.insert(&mut *work, new, &hash, mail, Some(actor)).await?;
        let user = inserted.ok_or(CreateUserError::EmailTaken)?;
        work.commit().await?;
        Ok(user)
    }
}
