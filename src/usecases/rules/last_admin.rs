use crate::domain::{User, UserId};
use crate::ports::{StoreError, UnitOfWork};

/// Locks the active administrators, if a change may end one. Call it before any user is locked.
pub(in crate::usecases) async fn lock_admins(
    work: &mut dyn UnitOfWork,
    may_end_an_admin: bool,
) -> Result<Vec<UserId>, StoreError> {
    if may_end_an_admin { work.users().lock_active_admins().await } else { Ok(Vec::new()) }
}

/// Whether this is the last active administrator. `admins` may miss a user who became an administrator after
/// it was read; then the rejection is wrong, and a new attempt succeeds.
pub(in crate::usecases) fn is_last_admin(user: &User, admins: &[UserId]) -> bool {
    user.is_active_admin() && admins.iter().all(|admin| *admin == user.id)
}

#[cfg(test)]
mod tests {
    use super::is_last_admin;
    use crate::domain::{Email, Role, Timestamp, User, UserId, UserStatus};

    fn admin(id: u128) -> User {
        User {
            id: UserId(uuid::Uuid::from_u128(id)),
            email: Email::parse("ada@example.com").unwrap(),
            email_verified: true,
            name: None,
            role: Role::Admin,
            status: UserStatus::Active,
            version: 1,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn an_administrator_is_the_last_one_unless_another_one_is_known() {
        let (ada, bob) = (admin(1), admin(2));
        assert!(is_last_admin(&ada, &[ada.id]));
        assert!(!is_last_admin(&ada, &[ada.id, bob.id]));
        // Ada became an administrator after the list was read, and the others ceased to be.
        assert!(is_last_admin(&ada, &[]));
        assert!(!is_last_admin(&User { status: UserStatus::Locked, ..ada.clone() }, &[]));
        assert!(!is_last_admin(&User { role: Role::User, ..ada }, &[]));
    }
}
