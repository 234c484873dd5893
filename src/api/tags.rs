use poem_openapi::Tags;

/// How the documentation groups the operations.
#[derive(Tags)]
#[oai(rename_all = "snake_case")]
pub enum Tag {
    /// Register, log in, stay logged in, log out
    Auth,
    /// The account of whoever asks
    Me,
    /// Every account, for administrators
    Users,
    /// What other services read: keys, metadata, health
    System,
}
