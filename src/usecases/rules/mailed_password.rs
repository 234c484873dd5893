use crate::domain::{Account, Actor, EventKind, PasswordHash, Timestamp, User};
use crate::ports::UnitOfWork;
use crate::usecases::failure::Failure;
use crate::usecases::journal::Journal;

/// Sets the password that was presented with a mailed token, at this time, of a user whose row is locked.
///
/// The email address counts as verified, since only its mailbox had the token. All other mailed tokens are
/// removed, so that nothing is left of a person who registered with a stranger's email address or knew the
/// old password. Appends `changed`, and the event of the verification if the address was not verified
/// before.
pub(in crate::usecases) async fn set_mailed_password(
    work: &mut dyn UnitOfWork,
    journal: &Journal,
    locked: Account,
    (hash, at): (&PasswordHash, Timestamp),
    changed: fn(User) -> EventKind,
) -> Result<(), Failure> {
    let (id, was_verified) = (locked.user.id, locked.user.email_verified);
    work.users().set_password_hash(id, hash).await?;
    let after = User { email_verified: true, updated_at: at, ..locked.user };
    let after = work.users().update(&after).await?;
    work.mail_tokens().remove_all_of(id, None).await?;
    let verified = (!was_verified).then(|| EventKind::UserEmailVerified(after.clone()));
    for kind in [changed(after)].into_iter().chain(verified) {
        journal.append(work, id, Actor::User(id), at, kind).await?;
    }
    Ok(())
}
