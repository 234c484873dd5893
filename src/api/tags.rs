use poem_openapi::Tags;

/// How the documentation groups the operations.
#[derive(Tags)]
#[oai(rename_all = "snake_case")]
pub enum Tag {
    /// Register, log in, refresh tokens, log out
    Auth,
    /// The account of the authenticated user
    Me,
    /// All users, for administrators
    Users,
    /// For other services: public keys, metadata, health
    System,
}
