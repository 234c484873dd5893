use std::sync::Arc;

use crate::domain::{
    Actor, DisplayName, EventKind, Locale, MailPurpose, Metadata, MetadataPatch, MetadataTooLong,
    RevocationReason, Role, RoleChange, User, UserId, UserRef, UserStatus,
};
use crate::ports::Store;
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;
use crate::usecases::patch::Patch;
use crate::usecases::rules::find_user::find_user;
use crate::usecases::rules::last_admin::{is_last_admin, lock_admins};
use crate::usecases::rules::precondition::Precondition;
use crate::usecases::rules::revocation::{Remaining, Revoking, revoke_batch, revoke_sessions};

/// Changes the name, role, status or metadata of a user.
#[derive(Clone)]
pub struct UpdateUser {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) journal: Journal,
}

/// The changes to a user. Absent members stay unchanged.
#[derive(Clone, Debug, Default)]
pub struct UserChanges {
    /// The name, set or cleared.
    pub name: Patch<DisplayName>,
    /// The language, set or cleared.
    pub locale: Patch<Locale>,
    /// The role.
    pub role: Option<Role>,
    /// The status.
    pub status: Option<UserStatus>,
    /// A merge patch of the metadata that the user writes; cleared if it is removed.
    pub metadata: Patch<MetadataPatch>,
    /// A merge patch of the metadata that administrators write; cleared if it is removed.
    pub app_metadata: Patch<MetadataPatch>,
}

errors! {
    /// Why nothing was changed.
    pub enum UpdateUserError {
        NotFound = "there is no such user",
        PreconditionFailed = "the user has changed since it was read",
        LastAdmin = "this is the last active administrator",
        // Of the metadata that the user writes.
        MetadataTooLong(MetadataTooLong) = "{0}",
        // Of the metadata that administrators write.
        AppMetadataTooLong(MetadataTooLong) = "{0}",
    }
}

impl UpdateUser {
    /// Applies the changes and appends an event for each. A value that is already set is not a change.
    pub async fn run(
        &self,
        id: UserId,
        changes: &UserChanges,
        precondition: &Precondition,
        actor: Actor,
    ) -> Result<User, UpdateUserError> {
        loop {
            if let Some(user) = self.attempt(id, changes, precondition, actor).await? {
                return Ok(user);
            }
        }
    }

    /// Applies the changes to a user that an operator names.
    pub(in crate::usecases) async fn run_for(
        &self,
        user: &UserRef,
        changes: &UserChanges,
        actor: Actor,
    ) -> Result<User, UpdateUserError> {
        let user = find_user(&*self.store, user).await?.ok_or(UpdateUserError::NotFound)?;
        self.run(user.id, changes, &Precondition::Any, actor).await
    }

    /// Returns `None` if a user to be unlocked still had sessions: a batch of them is revoked, and nothing
    /// else is changed.
    async fn attempt(
        &self,
        id: UserId,
        changes: &UserChanges,
        precondition: &Precondition,
        actor: Actor,
    ) -> Result<Option<User>, UpdateUserError> {
        let mut work = self.store.begin().await?;
        let may_remove_an_admin =
            changes.role == Some(Role::User) || changes.status == Some(UserStatus::Locked);
        let admins = lock_admins(&mut *work, may_remove_an_admin).await?;
        let account = work.users().lock(id).await?.ok_or(UpdateUserError::NotFound)?;
        let is_last_admin = is_last_admin(&account, &admins);
        let before = account.user;
        if !precondition.matches(before.version) {
            return Err(UpdateUserError::PreconditionFailed);
        }
        let at = self.journal.now();
        let wanted = changes.apply(&before)?;
        if wanted == before {
            return Ok(Some(before));
        }
        if is_last_admin && !wanted.is_active_admin() {
            return Err(UpdateUserError::LastAdmin);
        }
        let reason = RevocationReason::UserLocked;
        let revoking = Revoking { user: id, except: None, actor, reason, at };
        // If a process died after locking the user, sessions may be left. Unlocking must not make them usable
        // again.
        let is_unlocked = !before.is_active() && wanted.is_active();
        if is_unlocked && revoke_batch(&mut *work, &self.journal, &revoking).await? == Remaining::Some {
            work.commit().await?;
            return Ok(None);
        }
        let after = work.users().update(&User { updated_at: at, ..wanted }).await?;
        for kind in events(&before, &after) {
            self.journal.append(&mut *work, id, actor, at, kind).await?;
        }
        // The lock takes effect at once, before the last of many sessions is revoked: no session of a locked
        // user is usable.
        let mut remaining = Remaining::None;
        if before.is_active() && !after.is_active() {
            remaining = revoke_batch(&mut *work, &self.journal, &revoking).await?;
            // The reason for the lock may be that an attacker requested these.
            work.mail_tokens().remove_all_of(id, Some(MailPurpose::VerifyEmail)).await?;
        }
        work.commit().await?;
        let mut is_done = remaining == Remaining::None;
        while !is_done {
            let mut work = self.store.begin().await?;
            // An administrator who unlocked the user in the meantime has revoked the rest.
            if work.users().lock(id).await?.is_none_or(|account| account.user.is_active()) {
                break;
            }
            if let Some(work) = revoke_sessions(work, &self.journal, &revoking).await? {
                work.commit().await?;
                is_done = true;
            }
        }
        Ok(Some(after))
    }
}

impl UserChanges {
    fn apply(&self, user: &User) -> Result<User, UpdateUserError> {
        let metadata = patched(&user.metadata, &self.metadata);
        let app_metadata = patched(&user.app_metadata, &self.app_metadata);
        Ok(User {
            name: self.name.apply(user.name.as_ref()),
            locale: self.locale.apply(user.locale.as_ref()),
            role: self.role.unwrap_or(user.role),
            status: self.status.unwrap_or(user.status),
            metadata: metadata.map_err(UpdateUserError::MetadataTooLong)?,
            app_metadata: app_metadata.map_err(UpdateUserError::AppMetadataTooLong)?,
            ..user.clone()
        })
    }
}

fn patched(metadata: &Metadata, patch: &Patch<MetadataPatch>) -> Result<Metadata, MetadataTooLong> {
    match patch {
        Patch::Keep => Ok(metadata.clone()),
        Patch::Clear => Ok(Metadata::default()),
        Patch::Set(patch) => metadata.patched(patch),
    }
}

fn events(before: &User, after: &User) -> Vec<EventKind> {
    let mut kinds = Vec::new();
    if before.name != after.name
        || before.locale != after.locale
        || before.metadata != after.metadata
        || before.app_metadata != after.app_metadata
    {
        kinds.push(EventKind::UserUpdated(after.clone()));
    }
    if before.role != after.role {
        kinds.push(EventKind::UserRoleChanged(RoleChange { user: after.clone(), from: before.role }));
    }
    match (before.status, after.status) {
        (UserStatus::Active, UserStatus::Locked) => kinds.push(EventKind::UserLocked(after.clone())),
        (UserStatus::Locked, UserStatus::Active) => kinds.push(EventKind::UserUnlocked(after.clone())),
        (UserStatus::Active, UserStatus::Active) | (UserStatus::Locked, UserStatus::Locked) => {}
    }
    kinds
}
