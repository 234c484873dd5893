use std::sync::Arc;

use crate::ports::{AccessTokens, Migrations};

/// Tells whether the service can do its work now.
pub struct CheckReadiness {
    /// The store, by way of its schema: reading it proves both.
    pub migrations: Arc<dyn Migrations>,
    /// The keys.
    pub access_tokens: Arc<dyn AccessTokens>,
}

/// One thing the service stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is called.
    pub name: &'static str,
    /// How it is.
    pub state: CheckState,
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
}

impl CheckState {
    /// The state's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::MigrationsPending => "migrations_pending",
        }
    }
}

impl CheckReadiness {
    /// Asks each dependency.
    pub async fn run(&self) -> Vec<Check> {
        let database = match self.migrations.status().await {
            Ok(all) if all.iter().all(|migration| migration.applied) => CheckState::Up,
            Ok(_) => CheckState::MigrationsPending,
            Err(_) => CheckState::Down,
        };
        let signing_keys = match self.access_tokens.check().await {
            Ok(()) => CheckState::Up,
            Err(_) => CheckState::Down,
        };
        vec![Check { name: "database", state: database }, Check { name: "signing_keys", state: signing_keys }]
    }
}
