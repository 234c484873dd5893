use crate::domain::{
    Actor, DisplayName, Email, EventKind, Locale, MailPurpose, Metadata, PasswordHash, Role, User, UserId,
    UserStatus,
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

/// The user to insert.
pub(in crate::usecases) struct NewAccount {
    pub email: Email,
    pub hash: PasswordHash,
    pub name: Option<DisplayName>,
    pub locale: Option<Locale>,
    pub metadata: Metadata,
    pub app_metadata: Metadata,
    pub role: Role,
    pub email_verified: bool,
    pub mail: FirstMail,
    /// The creator; `None` if the user registered.
    pub by: Option<Actor>,
}

impl NewAccount {
    /// The account of a person who registered. `may_mail` is whether a mail is within the budget of the email
    /// address.
    pub(in crate::usecases) fn of_visitor(
        email: Email,
        hash: PasswordHash,
        name: Option<DisplayName>,
        locale: Option<Locale>,
        metadata: Metadata,
        may_mail: bool,
    ) -> Self {
        Self {
            email,
            hash,
            name,
            locale,
            metadata,
            app_metadata: Metadata::default(),
            role: Role::User,
            email_verified: false,
            mail: if may_mail { FirstMail::Verification } else { FirstMail::None },
            by: None,
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

impl AccountCreator {
    /// Inserts the user and appends the events. Returns `None` if the email address is taken: the unit of
    /// work cannot be used any more then.
    pub(in crate::usecases) async fn insert(
        &self,
        work: &mut dyn UnitOfWork,
        account: NewAccount,
    ) -> Result<Option<User>, Failure> {
        let NewAccount { email, hash, name, locale, metadata, app_metadata, role, email_verified, mail, by } =
            account;
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
        match work.users().insert(&user, &hash).await {
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
