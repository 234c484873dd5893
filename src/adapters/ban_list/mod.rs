//! The bans in the memory of a process.
//!
//! **Here**: [`LiveBans`], the list, which asks the store twice a second whether its copy is out of date;
//! `table`, the form in which an address is looked up.
//!
//! **May use**: `ports`, `domain`.

mod table;

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;
use uuid::Uuid;

use self::table::Table;
use crate::domain::{BanEnd, Timestamp, UserId};
use crate::ports::{BanList, Clock, Ids, NotLoaded, Store, StoreError};

/// How often to check whether the bans have changed. Jitter of up to half of it is added, so that processes
/// that started together do not check together.
const POLL: Duration = Duration::from_millis(400);

/// The bans that had not ended when they were last read.
pub struct LiveBans {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    loaded: RwLock<Option<Loaded>>,
    changed: Notify,
}

struct Loaded {
    version: Option<Uuid>,
    table: Table,
}

impl LiveBans {
    /// Creates the list of the bans in this store. No request is served before it was read.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, clock, ids, loaded: RwLock::new(None), changed: Notify::new() }
    }

    /// Reads the bans if they have changed since the last read. Must not be called while
    /// [`follow`](Self::follow) runs.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let bans = self.store.bans();
        // The version is read first: a change between the two reads is included, and read again the next
        // time.
        let version = bans.version().await?;
        if self.loaded().as_ref().is_some_and(|loaded| loaded.version == version) {
            return Ok(());
        }
        let table = Table::of(&bans.live(self.clock.now()).await?);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some(Loaded { version, table });
        Ok(())
    }

    /// Keeps the list up to date. Does not end.
    pub async fn follow(&self) {
        let mut fails = false;
        loop {
            match self.refresh().await {
                Ok(()) if fails => {
                    tracing::info!("bans loaded again");
                    fails = false;
                }
                Err(error) if !fails => {
                    tracing::warn!(%error, "failed to load bans, using the previous list");
                    fails = true;
                }
                Ok(()) | Err(_) => {}
            }
            tokio::select! {
                () = sleep(self.pause()) => {}
                () = self.changed.notified() => {}
            }
        }
    }

    fn pause(&self) -> Duration {
        POLL + POLL / 2 * u32::from(self.ids.chance()) / 255
    }

    fn loaded(&self) -> RwLockReadGuard<'_, Option<Loaded>> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BanList for LiveBans {
    fn of_address(&self, address: IpAddr, now: Timestamp) -> Result<Option<BanEnd>, NotLoaded> {
        let loaded = self.loaded();
        Ok(loaded.as_ref().ok_or(NotLoaded)?.table.of_address(address, now))
    }

    fn of_user(&self, user: UserId, now: Timestamp) -> Result<Option<BanEnd>, NotLoaded> {
        let loaded = self.loaded();
        Ok(loaded.as_ref().ok_or(NotLoaded)?.table.of_user(user, now))
    }

    fn has_users(&self, now: Timestamp) -> bool {
        self.loaded().as_ref().is_none_or(|loaded| loaded.table.has_users(now))
    }

    fn is_loaded(&self) -> bool {
        self.loaded().is_some()
    }

    fn changed(&self) {
        self.changed.notify_one();
    }
}

#[cfg(test)]
mod tests;
