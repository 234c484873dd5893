use crate::domain::{
    Actor, DisplayName, Email, EventKind, Locale, MailPurpose, Metadata, PasswordHash, Role, User, UserId,
};
use crate::ports::{Constraint, StoreError, UnitOfWork};
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;
use crate::usecases::mail::invite::Inviter;
use crate::usecases::mail::token_issuer::MailTokenIssuer;

/// Inserts users, with the events and the mails that each new one has.
#[derive(Clone)]
pub struct AccountCreator {
    pub(in crate::usecases) mail: MailTokenIssuer,
    pub(in crate::usecases) inviter: Inviter,
    pub(in crate::usecases) journal: Journal,
}

/// The user to create.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The email address.
    pub email: Email,
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

impl NewUser {
    /// A user of role `user` with nothing else.
    #[must_use]
    pub fn new(email: Email) -> Self {
        Self {
            email,
            name: None,
            locale: None,
            metadata: Metadata::default(),
            app_metadata: Metadata::default(),
            role: Role::User,
            email_verified: false,
        }
    }
}

/// The mail that a new user gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::usecases) enum FirstMail {
    /// None.
    None,
    /// A link to verify the email address.
    Verification,
    /// A link to set the first password.
    Invitation,
}

impl FirstMail {
    /// The mail to a person who registered. `may_mail` is whether it is within the budget of the email
    /// address.
    pub(in crate::usecases) const fn of_visitor(may_mail: bool) -> Self {
        if may_mail { Self::Verification } else { Self::None }
    }
}

impl AccountCreator {
    /// Inserts the user and appends the events. `by` is the creator, `None` if the user registered. Returns
    /// `None` if the email address is taken: the unit of work cannot be used any more then.
    pub(in crate::usecases) async fn insert(
        &self,
        work: &mut dyn UnitOfWork,
        new: NewUser,
        hash: &PasswordHash,
        mail: FirstMail,
        by: Option<Actor>,
    ) -> Result<Option<User>, Failure> {
        let NewUser { email, name, locale, metadata, app_metadata, role, email_verified } = new;
        let (id, now) = (UserId(self.journal.id()), self.journal.now());
        let created = User::new(id, email, now);
        let user = User { email_verified, name, locale, role, metadata, app_metadata, ..created };
        match work.users().insert(&user, hash).await {
            Err(StoreError::Conflict(Constraint::UserEmail)) => return Ok(None),
            other => other?,
        }
        let (event_id, actor) = (self.journal.id(), by.unwrap_or(Actor::User(id)));
        if mail == FirstMail::Verification {
            let token = self.mail.issue(event_id, MailPurpose::VerifyEmail, id, &user.email, now);
            work.mail_tokens().put(&token).await?;
        }
        let registered = EventKind::UserRegistered(user.clone());
        self.journal.append_as(work, event_id, id, actor, now, registered).await?;
        if mail == FirstMail::Invitation {
            self.inviter.invite(work, &self.journal, &user, actor, now).await?;
        }
        Ok(Some(user))
    }
}
