use std::sync::Arc;

use crate::domain::{Ban, Invitation, MailToken, Session, User, UserRef};
use crate::ports::events::{AuditRow, EventFilter};
use crate::ports::{Clock, Store};
use crate::usecases::bans::find_ban::find_ban;
use crate::usecases::failure::errors;
use crate::usecases::rules::find_user::find_user;

/// The maximum number of sessions that are shown.
const SESSIONS: u32 = 100;
/// The maximum number of audit rows that are shown.
const AUDIT_ROWS: u32 = 10;

/// Finds one user with everything that an operator needs to answer why the user cannot log in.
pub struct ShowUserDetails {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) clock: Arc<dyn Clock>,
}

/// A user with their sessions, mailed tokens, ban and last audit rows.
#[derive(Debug)]
pub struct UserDetails {
    /// The user.
    pub user: User,
    /// Whether a password opens the account. False for an invited user, and after the email address was
    /// disowned.
    pub has_password: bool,
    /// The invitation of the user, unless it was accepted.
    pub invitation: Option<Invitation>,
    /// The ban of the user, if it has not ended.
    pub ban: Option<Ban>,
    /// The newest live sessions, at most 100, newest first.
    pub sessions: Vec<Session>,
    /// The mailed tokens that can still be used, by purpose.
    pub mail_tokens: Vec<MailToken>,
    /// The last audit rows, at most 10, newest first.
    pub audit: Vec<AuditRow>,
}

errors! {
    /// Why the user was not found.
    pub enum ShowUserDetailsError {
        NotFound = "there is no such user",
    }
}

impl ShowUserDetails {
    /// Finds the user.
    pub async fn run(&self, user: &UserRef) -> Result<UserDetails, ShowUserDetailsError> {
        let found = find_user(&*self.store, user).await?.ok_or(ShowUserDetailsError::NotFound)?;
        let account = self.store.users().find_account(found.id).await?;
        let account = account.ok_or(ShowUserDetailsError::NotFound)?;
        let has_password = account.password_hash.is_usable();
        let invitation = self.store.invitations().of_user(account.user.id).await?;
        let invitation = invitation.filter(|_| !has_password);
        let (user, now) = (account.user, self.clock.now());
        let ban = find_ban(&*self.store, user.id, now).await?;
        let sessions = self.store.sessions().live_page(user.id, now, None, SESSIONS).await?;
        let mut mail_tokens = self.store.mail_tokens().of_user(user.id).await?;
        mail_tokens.retain(|token| token.is_good(now));
        let filter = EventFilter { user: Some(user.id), limit: AUDIT_ROWS, ..EventFilter::default() };
        let audit = self.store.audit().list(&filter).await?;
        Ok(UserDetails { user, has_password, invitation, ban, sessions, mail_tokens, audit })
    }
}
