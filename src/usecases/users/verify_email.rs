use std::sync::Arc;

use crate::domain::{Actor, EventKind, User, UserRef};
use crate::ports::Store;
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::rules::find_user::find_user;

/// Marks the email address of a user as verified, for an operator who knows that it is theirs.
pub struct VerifyUserEmail {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why the email address was not verified.
    pub enum VerifyUserEmailError {
        NotFound = "there is no such user",
    }
}

impl VerifyUserEmail {
    /// Verifies the email address. Succeeds if it is already verified. The link of a mail that is on its way
    /// stays usable, and then changes nothing.
    pub async fn run(&self, user: &UserRef, actor: Actor) -> Result<User, VerifyUserEmailError> {
        let found = find_user(&*self.store, user).await?.ok_or(VerifyUserEmailError::NotFound)?;
        let mut work = self.store.begin().await?;
        let user = work.users().lock(found.id).await?.ok_or(VerifyUserEmailError::NotFound)?.user;
        if user.email_verified {
            return Ok(user);
        }
        if user.email.key() != found.email.key() {
            // The operator named an address that has changed since.
            return Err(VerifyUserEmailError::NotFound);
        }
        let at = self.journal.now();
        let verified = User { email_verified: true, updated_at: at, ..user };
        let after = work.users().update(&verified).await?;
        let kind = EventKind::UserEmailVerified(after.clone());
        self.journal.append(&mut *work, after.id, actor, at, kind).await?;
        work.commit().await?;
        Ok(after)
    }
}
