use crate::domain::PasswordPolicy;

/// What the document says about an installation of the service.
#[derive(Clone, Debug)]
pub struct DocumentSettings {
    /// The URL at which clients reach the service, without a slash at the end.
    pub public_url: String,
    /// The policy for new passwords.
    pub password_policy: PasswordPolicy,
    /// The audiences that access tokens may have, the default first.
    pub audiences: Vec<String>,
}

/// An installation at a URL with the default settings.
impl From<&str> for DocumentSettings {
    fn from(public_url: &str) -> Self {
        let audiences = vec![public_url.to_owned()];
        Self { public_url: public_url.to_owned(), password_policy: PasswordPolicy::default(), audiences }
    }
}
