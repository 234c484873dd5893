use std::sync::Arc;

use crate::domain::words;
use crate::ports::events::Transport;
use crate::ports::{AccessTokens, BanList, Cache, Migrations, SharedCache, StoreError, StoreProbe, Unusable};

/// Checks whether the service can serve requests now.
pub struct CheckReadiness {
    pub(in crate::usecases) migrations: Arc<dyn Migrations>,
    pub(in crate::usecases) store_probe: Arc<dyn StoreProbe>,
    pub(in crate::usecases) access_tokens: Arc<dyn AccessTokens>,
    pub(in crate::usecases) cache: Arc<dyn Cache>,
    pub(in crate::usecases) bans: Arc<dyn BanList>,
    pub(in crate::usecases) queue: Option<Arc<dyn Transport>>,
}

/// Whether requests can be served, and the checks behind the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The overall result.
    pub verdict: Verdict,
    /// One check per dependency.
    pub checks: Vec<Check>,
}

/// Whether requests can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Requests can be served.
    Ready,
    /// Requests can be served, although a dependency that is not vital is unavailable.
    Degraded,
    /// Requests cannot be served.
    NotReady,
}

/// The check of one dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The name of the dependency.
    pub name: &'static str,
    /// Its state.
    pub state: CheckState,
    /// Whether no request can be served without it.
    pub is_vital: bool,
    /// The right that the service's user lacks, if that is the cause.
    pub missing_right: Option<String>,
}

words! {
    /// The state of a dependency.
    pub enum CheckState {
        /// It works.
        Up = "up",
        /// It is unreachable.
        Down = "down",
        /// It works, but `svc migrate` has to be run.
        MigrationsPending = "migrations_pending",
        /// It accepts no writes.
        ReadOnly = "read_only",
        /// It rejects the user, the password or the rights of this service.
        LoginRefused = "login_refused",
        /// There is no such database, or no database server at the address.
        NotFound = "not_found",
        /// It would give wrong results, so it is not used.
        Unsupported = "unsupported",
    }
}

impl From<&StoreError> for CheckState {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::ReadOnly(_) => Self::ReadOnly,
            StoreError::Unusable(Unusable::Login, _) => Self::LoginRefused,
            StoreError::Unusable(Unusable::Address, _) => Self::NotFound,
            StoreError::Unusable(Unusable::Unsupported, _) => Self::Unsupported,
            StoreError::Direct(error) => Self::from(&**error),
            StoreError::Unavailable(_)
            | StoreError::Blocked(..)
            | StoreError::Conflict(_)
            | StoreError::Corrupt(_) => Self::Down,
        }
    }
}

impl Check {
    /// The check of a dependency that every request needs.
    #[must_use]
    pub const fn vital(name: &'static str, state: CheckState) -> Self {
        Self { name, state, is_vital: true, missing_right: None }
    }

    /// The check of a dependency that the service can do without for a while.
    #[must_use]
    pub const fn spare(name: &'static str, state: CheckState) -> Self {
        Self { name, state, is_vital: false, missing_right: None }
    }

    fn cache(shared: SharedCache) -> Self {
        let state = match &shared {
            SharedCache::Used => CheckState::Up,
            SharedCache::Away => CheckState::Down,
            SharedCache::ReadOnly => CheckState::ReadOnly,
            SharedCache::LoginRefused | SharedCache::MissingRight(_) => CheckState::LoginRefused,
            SharedCache::Unsupported => CheckState::Unsupported,
        };
        let missing_right = if let SharedCache::MissingRight(right) = shared { Some(right) } else { None };
        Self { missing_right, ..Self::spare("cache", state) }
    }
}

impl CheckReadiness {
    /// Checks each dependency.
    pub async fn run(&self) -> Readiness {
        let database = self.database().await.unwrap_or_else(|error| CheckState::from(&error));
        let up = |is_up| if is_up { CheckState::Up } else { CheckState::Down };
        let keys = up(self.access_tokens.check().await.is_ok());
        let mut checks = vec![Check::vital("database", database), Check::vital("signing_keys", keys)];
        if let Some(shared) = self.cache.shared() {
            checks.push(Check::cache(shared));
        }
        if let Some(queue) = &self.queue {
            checks.push(Check::spare("queue", up(queue.is_up())));
        }
        let fails =
            |vital| checks.iter().any(|check| check.is_vital == vital && check.state != CheckState::Up);
        let verdict = match (fails(true), fails(false)) {
            (true, _) => Verdict::NotReady,
            (false, true) => Verdict::Degraded,
            (false, false) => Verdict::Ready,
        };
        Readiness { verdict, checks }
    }

    async fn database(&self) -> Result<CheckState, StoreError> {
        if !self.migrations.status().await?.iter().all(|migration| migration.applied) {
            return Ok(CheckState::MigrationsPending);
        }
        self.store_probe.check_writable().await?;
        Ok(if self.bans.is_loaded() { CheckState::Up } else { CheckState::Down })
    }
}
