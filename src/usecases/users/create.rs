use std::sync::Arc;

use crate::domain::{
    Actor, DisplayName, Email, Locale, Metadata, NewPassword, PasswordHash, RegistrationMode, Role, User,
    WeakPassword,
};
use crate::ports::{Origin, PasswordHasher, Store};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::rules::guard::Guard;
use crate::usecases::rules::new_account::{AccountCreator, FirstMail, NewAccount};

/// Creates a user for an administrator, an operator or a program.
pub struct CreateUser {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) accounts: AccountCreator,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) registration_mode: RegistrationMode,
}

/// The user to create.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The email address.
    pub email: Email,
    /// How the user logs in first.
    pub credential: Credential,
    /// The name.
    pub name: Option<DisplayName>,
    /// The language.
    pub locale: Option<Locale>,
    /// The metadata that the user writes.
    pub metadata: Metadata,
    /// The metadata that administrators write.
    pub app_metadata: Metadata,
    /// The role.
    pub role: Role,
    /// Whether the email address counts as verified.
    pub email_verified: bool,
}

/// How a new user logs in first.
#[derive(Clone, Debug)]
pub enum Credential {
    /// With this password.
    Password(NewPassword),
    /// With a password that the user sets with a mailed link.
    Invitation,
}

/// Why no user was created.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// The settings do not let the creator create accounts.
    #[error("accounts cannot be created in this way")]
    Closed,
    /// Another user has the email address.
    #[error("another account has this email address")]
    EmailTaken,
    /// The new password equals the email address or its local part.
    #[error(transparent)]
    WeakPassword(WeakPassword),
    /// A failure common to all use cases.
    #[error(transparent)]
    Failed(Failure),
}
fails!(CreateUserError);

impl NewUser {
    /// A user of role `user` with nothing else.
    #[must_use]
    pub fn new(email: Email, credential: Credential) -> Self {
        Self {
            email,
            credential,
            name: None,
            locale: None,
            metadata: Metadata::default(),
            app_metadata: Metadata::default(),
            role: Role::User,
            email_verified: false,
        }
    }
}

impl CreateUser {
    /// Creates the user and appends the event. This requests a mail with the invitation, or, unless the email
    /// address counts as verified, to verify it.
    pub async fn run(&self, new: NewUser, actor: Actor) -> Result<User, CreateUserError> {
        if !self.registration_mode.lets_create(actor) {
            return Err(CreateUserError::Closed);
        }
        let is_mailed = matches!(new.credential, Credential::Invitation) || !new.email_verified;
        let email = new.email.clone();
        if is_mailed {
            self.guard.invite(actor, &email).await?;
        }
        let created = self.create(new, actor).await;
        if is_mailed && created.is_err() {
            self.guard.did_not_invite(actor, &email).await;
        }
        created
    }

    async fn create(&self, new: NewUser, actor: Actor) -> Result<User, CreateUserError> {
        let NewUser { email, credential, name, locale, metadata, app_metadata, role, email_verified } = new;
        let (hash, mail) = match credential {
            Credential::Password(password) => {
                password.check_against(&email).map_err(CreateUserError::WeakPassword)?;
                let hash = self.hasher.hash(&Origin::default(), password.as_password()).await?;
                (hash, if email_verified { FirstMail::None } else { FirstMail::Verification })
            }
            Credential::Invitation => (PasswordHash::unusable(), FirstMail::Invitation),
        };
        let by = Some(actor);
        let account =
            NewAccount { email, hash, name, locale, metadata, app_metadata, role, email_verified, mail, by };
        let mut work = self.store.begin().await?;
        let user = self.accounts.insert(&mut *work, account).await?.ok_or(CreateUserError::EmailTaken)?;
        work.commit().await?;
        Ok(user)
    }
}
