//! The reasons for which a container cannot be built.

use std::path::PathBuf;

use crate::adapters::passwords::Argon2StartError;
use crate::ports::StoreError;

/// Why a container could not be built. The texts are for operators.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The secret key can be neither read nor created.
    #[error("security.secret_key: {0}")]
    SecretKey(String),
    /// There is no database, and the command is not one that makes one.
    #[error("there is no database at {}", .0.display())]
    NoDatabase(PathBuf),
    /// There is no secret key, and the command is not one that makes one.
    #[error("there is no secret key at {}", .0.display())]
    NoSecretKey(PathBuf),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cache cannot be set up.
    #[error("cache.url: {0}")]
    Cache(String),
    /// The default language has no templates.
    #[error("service.language: {0}")]
    Language(String),
    /// A mail template is invalid.
    #[error("mail.templates: {0}")]
    JinjaMailTemplates(String),
    /// A template of a page is invalid.
    #[error("account.templates: {0}")]
    Pages(String),
    /// The logo cannot be read.
    #[error("service.logo: {0}")]
    Logo(String),
    /// Mail cannot be set up.
    #[error("mail: {0}")]
    Mail(String),
    /// The memory limit for clients is too small to serve any.
    #[error("limits.memory: {0}")]
    Memory(String),
    /// The password hasher cannot be started.
    #[error("security.password: {0}")]
    Hasher(#[from] Argon2StartError),
}
