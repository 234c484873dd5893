use crate::domain::{Account, UserId};
use crate::ports::{StoreError, UnitOfWork};

/// Locks the active administrators, if a change may remove one. Call it before any user is locked.
pub(in crate::usecases) async fn lock_admins(
    work: &mut dyn UnitOfWork,
    may_remove_an_admin: bool,
) -> Result<Vec<UserId>, StoreError> {
    if may_remove_an_admin { work.users().lock_active_admins().await } else { Ok(Vec::new()) }
}

/// Whether this is the last active administrator, as far as `admins` shows. A user who became an
/// administrator before they were locked themselves is not in `admins`. If it is empty then, either no other
/// user was an active administrator, or the change did not seem to remove one and no list was read: the
/// change is refused, and a new attempt reads the list.
pub(in crate::usecases) fn is_last_admin(account: &Account, admins: &[UserId]) -> bool {
    account.is_active_admin() && admins.iter().all(|admin| *admin == account.user.id)
}

#[cfg(test)]
mod tests {
    use super::is_last_admin;
    use crate::domain::{Account, Email, PasswordHash, Role, Timestamp, User, UserId, UserStatus};

    fn admin(id: u128) -> Account {
        let (id, email) = (UserId(uuid::Uuid::from_u128(id)), Email::parse("ada@example.com").unwrap());
        let user = User { role: Role::Admin, ..User::new(id, email, Timestamp::EPOCH) };
        Account { user, password_hash: PasswordHash::new("$argon2id$".to_owned()) }
    }

    #[test]
    fn an_administrator_is_the_last_one_unless_another_one_is_known() {
        let (ada, bob) = (admin(1), admin(2).user.id);
        let id = ada.user.id;
        assert!(is_last_admin(&ada, &[id]));
        assert!(!is_last_admin(&ada, &[id, bob]));
        // Ada became an administrator after the list was read. The users in it are locked, so they still are
        // administrators; if it is empty, no other one is known.
        assert!(!is_last_admin(&ada, &[bob]));
        assert!(is_last_admin(&ada, &[]));
        let with = |user| Account { user, password_hash: ada.password_hash.clone() };
        assert!(!is_last_admin(&with(User { status: UserStatus::Locked, ..ada.user.clone() }), &[]));
        assert!(!is_last_admin(&with(User { role: Role::User, ..ada.user.clone() }), &[]));
        let invited = Account { user: ada.user.clone(), password_hash: PasswordHash::unusable() };
        assert!(!is_last_admin(&invited, &[]));
    }
}
