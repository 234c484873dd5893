use std::sync::Arc;

use super::find_target::find_target;
use crate::domain::{Actor, Ban, BanRef, BanTarget, EventKind};
use crate::ports::{BanList, Store};
use crate::usecases::failure::errors;
use crate::usecases::journal::Journal;

/// Removes a ban before its end.
pub struct RemoveBan {
    pub(in crate::usecases) store: Arc<dyn Store>,
    pub(in crate::usecases) bans: Arc<dyn BanList>,
    pub(in crate::usecases) journal: Journal,
}

errors! {
    /// Why no ban was removed.
    pub enum RemoveBanError {
        NotFound = "there is no such ban, or it has ended",
        NoSuchUser = "there is no such user",
    }
}

impl RemoveBan {
    /// Removes the ban. Returns it with its version incremented.
    pub async fn run(&self, ban: &BanRef, actor: Actor) -> Result<Ban, RemoveBanError> {
        let now = self.journal.now();
        let mut work = self.store.begin().await?;
        let target = match ban {
            // The target of a ban never changes.
            BanRef::Id(id) => work.bans().find(*id).await?.ok_or(RemoveBanError::NotFound)?.target,
            BanRef::Target(target) => {
                find_target(&*self.store, target).await?.ok_or(RemoveBanError::NoSuchUser)?
            }
        };
        // Lock the user before the list, as every change does: the events of a user are numbered in the order
        // of their commits.
        if let BanTarget::User(user) = target {
            work.users().lock(user).await?;
        }
        work.bans().begin_change(self.journal.id()).await?;
        let found = match ban {
            BanRef::Id(id) => work.bans().find(*id).await?,
            BanRef::Target(_) => work.bans().find_of(target).await?,
        };
        let found = found.filter(|ban| ban.is_live(now)).ok_or(RemoveBanError::NotFound)?;
        work.bans().remove(found.id).await?;
        let removed = Ban { version: found.version + 1, ..found };
        self.journal.append(&mut *work, &removed, actor, now, EventKind::BanRemoved(removed.clone())).await?;
        work.commit().await?;
        self.bans.changed();
        Ok(removed)
    }
}
