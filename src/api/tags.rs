use poem_openapi::Tags;

/// How the documentation groups the operations: by the thing that they are about.
#[derive(Tags)]
#[oai(rename_all = "snake_case")]
pub enum Tag {
    /// Register, log in, refresh tokens, log out
    Auth,
    /// Links in mails: verify an email address, set a forgotten password
    Mails,
    /// The account of the authenticated user
    Me,
    /// Where users are logged in
    Sessions,
    /// All users, for administrators
    Users,
    /// Users who have not set a password yet, for administrators
    Invitations,
    /// Public keys and metadata, for services that verify tokens
    Keys,
    /// Health of the service, for operators and load balancers
    Health,
}
