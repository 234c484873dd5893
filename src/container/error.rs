use crate::ports::StoreError;

/// Why there is no container. Texts are for operators.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The secret key can be neither read nor made.
    #[error("security.secret_key: {0}")]
    SecretKey(String),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The cache cannot be set up.
    #[error("cache.url: {0}")]
    Cache(String),
    /// A mail template does not do.
    #[error("mail.templates: {0}")]
    JinjaMailTemplates(String),
    /// Mail cannot be set up.
    #[error("mail: {0}")]
    Mail(String),
    /// The memory that is meant for clients serves none.
    #[error("limits.memory: {0}")]
    Memory(String),
    /// The password hasher cannot be started.
    #[error("security.password: {0}")]
    Hasher(String),
}
