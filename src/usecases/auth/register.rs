use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{
    Actor, DisplayName, Email, EventKind, Locale, MailPurpose, Metadata, NewPassword, PasswordHash,
    RegistrationMode, Role, User, UserId, UserStatus, WeakPassword,
};
use crate::ports::{Constraint, Door, Origin, Outcome, PasswordHasher, Store, StoreError};
use crate::usecases::failure::{Failure, fails};
use crate::usecases::journal::Journal;
use crate::usecases::mail::invite::Inviter;
use crate::usecases::mail::token_issuer::MailTokenIssuer;
use crate::usecases::rules::guard::Guard;

/// Creates a user.
pub struct Register {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) hasher: Arc<dyn PasswordHasher>,
    pub(in crate::usecases) mail: MailTokenIssuer,
    pub(in crate::usecases) inviter: Inviter,
    pub(in crate::usecases) guard: Guard,
    pub(in crate::usecases) journal: Journal,
    pub(in crate::usecases) registration_mode: RegistrationMode,
}

/// The user to create.
#[derive(Debug)]
pub struct Registration {
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
    /// The creator of the user.
    pub by: Registrar,
}

/// How a new user logs in first.
#[derive(Clone, Debug)]
pub enum Credential {
    /// With this password.
    Password(NewPassword),
    /// With a password that the user sets with a mailed link.
    Invitation,
}

/// The creator of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registrar {
    /// An anonymous client with this address.
    Visitor(Option<IpAddr>),
    /// An operator or a program, without a limit.
    Actor(Actor),
}

impl Registration {
    /// A registration by an anonymous client with this address.
    #[must_use]
    pub fn of_visitor(
        client: Option<IpAddr>,
        email: Email,
        password: NewPassword,
        name: Option<DisplayName>,
    ) -> Self {
        let by = Registrar::Visitor(client);
        let (credential, role) = (Credential::Password(password), Role::User);
        let (metadata, app_metadata) = (Metadata::default(), Metadata::default());
        let locale = None;
        Self { email, credential, name, locale, metadata, app_metadata, role, email_verified: false, by }
    }
}

/// Why no user was created.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
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
fails!(RegisterError);

impl Register {
    /// Creates the user and appends the event. This requests a mail with the invitation, or, unless the email
    /// address counts as verified, to verify it.
    pub async fn run(&self, registration: Registration) -> Result<User, RegisterError> {
        let Registration { email, credential, by, .. } = &registration;
        // Before anything that depends on the email address.
        if !self.may_create(*by) {
            if let Registrar::Visitor(client) = *by {
                // It counts too, because it leaves a line in the log.
                self.guard.register(client, email).await?;
                self.guard.refused(Door::Register, client, Outcome::Forbidden, None, None);
            }
            return Err(RegisterError::Closed);
        }
        if let Credential::Password(password) = credential {
            password.check_against(email).map_err(RegisterError::WeakPassword)?;
        }
        let Registrar::Visitor(client) = *by else { return self.create(registration, true).await };
        self.guard.register(client, email).await?;
        let may_mail = self.guard.may_mail(Door::Register, client, email).await;
        let created = self.create(registration, may_mail).await;
        match &created {
            Ok(user) => self.guard.allowed(Door::Register, client, user.id, None),
            // The client is asked to retry, which must not use up its budget.
            Err(RegisterError::Failed(_)) => self.guard.did_not_register(client).await,
            Err(_) => {}
        }
        created
    }

    const fn may_create(&self, by: Registrar) -> bool {
        match (self.registration_mode, by) {
            (RegistrationMode::Open, _)
            | (RegistrationMode::Invite, Registrar::Actor(_))
            | (RegistrationMode::Closed, Registrar::Actor(Actor::Operator(_) | Actor::Service)) => true,
            (RegistrationMode::Invite, Registrar::Visitor(_))
            | (RegistrationMode::Closed, Registrar::Visitor(_) | Registrar::Actor(Actor::User(_))) => false,
        }
    }

    async fn create(&self, registration: Registration, may_mail: bool) -> Result<User, RegisterError> {
        let Registration {
            email,
            credential,
            name,
            locale,
            metadata,
            app_metadata,
            role,
            email_verified,
            by,
        } = registration;
        let origin = match by {
            Registrar::Visitor(client) => Origin::new(client, &email),
            Registrar::Actor(_) => Origin::default(),
        };
        let hash = match &credential {
            Credential::Password(password) => self.hasher.hash(&origin, password.as_password()).await?,
            Credential::Invitation => PasswordHash::unusable(),
        };

        let (id, now) = (UserId(self.journal.id()), self.journal.now());
        let status = UserStatus::Active;
        let user = User {
            id,
            email,
            email_verified,
            name,
            locale,
            role,
            status,
            metadata,
            app_metadata,
            version: 1,
            created_at: now,
            updated_at: now,
        };

        let mut work = self.store.begin().await?;
        match work.users().insert(&user, &hash).await {
            Err(StoreError::Conflict(Constraint::UserEmail)) => return Err(RegisterError::EmailTaken),
            other => other?,
        }
        let registered = EventKind::UserRegistered(user.clone());
        let actor = match by {
            Registrar::Visitor(_) => Actor::User(id),
            Registrar::Actor(actor) => actor,
        };
        let event_id = self.journal.id();
        let is_invited = matches!(credential, Credential::Invitation);
        if !email_verified && !is_invited && may_mail {
            let token = self.mail.issue(event_id, MailPurpose::VerifyEmail, id, &user.email, now);
            work.mail_tokens().put(&token).await?;
        }
        self.journal.append_as(&mut *work, event_id, id, actor, now, registered).await?;
        if is_invited {
            self.inviter.invite(&mut *work, &self.journal, &user, actor, now).await?;
        }
        work.commit().await?;
        Ok(user)
    }
}
