use super::failure::Failure;
use crate::domain::{Account, Password};
use crate::ports::{Turn, UnitOfWork, Verification};

/// An account whose password somebody gave.
///
/// Hashing takes long and no transaction may wait for it, so the account is locked only afterwards: in between
/// its password can change. [`Proven::lock`] tells.
pub(super) struct Proven {
    /// The account as it was when the password was verified.
    pub account: Account,
    /// Whether its hash is weaker than new ones are.
    pub outdated: bool,
}

impl Proven {
    /// Verifies a password against an account, or against nothing at the same cost. `None` when it is wrong.
    pub async fn verify(
        turn: Box<dyn Turn + '_>,
        account: Option<Account>,
        password: &Password,
    ) -> Result<Option<Self>, Failure> {
        let hash = account.as_ref().map(|account| &account.password_hash);
        let outdated = match turn.verify(password, hash).await? {
            Verification::Wrong => return Ok(None),
            Verification::Right => false,
            Verification::RightButOutdated => true,
        };
        Ok(account.map(|account| Self { account, outdated }))
    }

    /// Locks the account until the unit of work ends. `None` when its hash is another one by now, or it is gone:
    /// the password has to be verified again.
    pub async fn lock(&self, work: &mut dyn UnitOfWork) -> Result<Option<Account>, Failure> {
        let locked = work.users().lock(self.account.user.id).await?;
        Ok(locked.filter(|locked| locked.password_hash == self.account.password_hash))
    }
}
