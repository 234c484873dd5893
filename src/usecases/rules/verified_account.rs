use crate::domain::Account;
use crate::ports::UnitOfWork;
use crate::usecases::failure::Failure;

/// An account whose password was verified in this request.
///
/// Hashing takes long and no transaction may wait for it, so the account is locked only afterwards. In the
/// meantime its password can change; [`VerifiedAccount::lock`] returns whether it did.
pub(in crate::usecases) struct VerifiedAccount {
    /// The account as of the time when the password was verified.
    pub account: Account,
    /// Whether its hash is weaker than new ones.
    pub outdated: bool,
}

impl VerifiedAccount {
    /// Locks the account until the unit of work ends. Returns `None` if its hash has changed or it was
    /// deleted: then the password has to be verified again.
    pub async fn lock(&self, work: &mut dyn UnitOfWork) -> Result<Option<Account>, Failure> {
        let locked = work.users().lock(self.account.user.id).await?;
        Ok(locked.filter(|locked| locked.password_hash == self.account.password_hash))
    }
}
