use std::sync::Arc;

use crate::ports::events::Transport;
use crate::ports::{AccessTokens, BanList, Cache, Migrations, SharedCache, StoreError, StoreProbe, Unusable};

/// Tells whether the service can do its work now.
pub struct CheckReadiness {
    /// The store, by way of its schema: reading it proves both.
    pub migrations: Arc<dyn Migrations>,
    /// The store, by way of a change.
    pub store_probe: Arc<dyn StoreProbe>,
    /// The keys.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// The copies that replicas share.
    pub cache: Arc<dyn Cache>,
    /// The bans, which have to be known before a request is served.
    pub bans: Arc<dyn BanList>,
    /// What carries events elsewhere.
    pub queue: Option<Arc<dyn Transport>>,
}

/// Whether requests can be served, and what that was told from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// In one word.
    pub verdict: Verdict,
    /// Everything the service stands on.
    pub checks: Vec<Check>,
}

/// Whether requests can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Ready,
    /// Yes, though something is out that it can do without for a while.
    Degraded,
    /// No.
    NotReady,
}

/// One thing the service stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is called.
    pub name: &'static str,
    /// How it is.
    pub state: CheckState,
    /// Whether no request can be served without it.
    pub is_vital: bool,
    /// The right that the service's user lacks there, where that is the cause.
    pub missing_right: Option<String>,
}

/// How a dependency is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// It works.
    Up,
    /// It is out of reach.
    Down,
    /// It is there, and `svc migrate` has to be run.
    MigrationsPending,
    /// It takes no changes.
    ReadOnly,
    /// It refuses the user, the password or the rights of this service.
    LoginRefused,
    /// There is no such database, or no database at the address.
    NotFound,
    /// It would answer wrongly, so it is not used.
    Unsupported,
}

impl CheckState {
    /// The state's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::MigrationsPending => "migrations_pending",
            Self::ReadOnly => "read_only",
            Self::LoginRefused => "login_refused",
            Self::NotFound => "not_found",
            Self::Unsupported => "unsupported",
        }
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
            StoreError::Unavailable(_) | StoreError::Conflict(_) | StoreError::Corrupt(_) => Self::Down,
        }
    }
}

impl Check {
    /// Of something without which no request can be served.
    #[must_use]
    pub const fn vital(name: &'static str, state: CheckState) -> Self {
        Self { name, state, is_vital: true, missing_right: None }
    }

    /// Of something that the service can do without for a while.
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
    /// Asks each dependency.
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
