use std::sync::{Arc, LazyLock};

use serde_json::Value;
use url::Url;

use crate::domain::PasswordPolicy;

/// A document that is made when it is read first: most processes never show it.
pub type LazyDocument = Arc<LazyLock<Value, Box<dyn FnOnce() -> Value + Send>>>;

/// Makes a document when it is read first.
pub fn lazy_document(make: impl FnOnce() -> Value + Send + 'static) -> LazyDocument {
    Arc::new(LazyLock::new(Box::new(make)))
}

/// What the documents say about an installation of the service.
#[derive(Clone, Debug)]
pub struct DocumentSettings {
    /// The URL at which clients reach the service, without a slash at the end.
    pub public_url: String,
    /// The policy for new passwords.
    pub password_policy: PasswordPolicy,
    /// The AsyncAPI document.
    pub asyncapi: LazyDocument,
    /// The audiences that access tokens may have, the default first.
    pub audiences: Vec<String>,
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// Whether the cookies are those of loopback without TLS.
    pub is_plain_loopback: bool,
}

impl DocumentSettings {
    /// The path of the public URL, without a slash at the end.
    pub(super) fn base_path(&self) -> String {
        let url = Url::parse(&self.public_url);
        url.map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default()
    }

    /// The origin of the service, as browsers write it.
    pub(super) fn origin(&self) -> String {
        Url::parse(&self.public_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }
}

/// An installation at a URL with the default settings.
impl From<&str> for DocumentSettings {
    fn from(public_url: &str) -> Self {
        let audiences = vec![public_url.to_owned()];
        Self {
            public_url: public_url.to_owned(),
            password_policy: PasswordPolicy::default(),
            asyncapi: lazy_document(|| Value::Null),
            audiences,
            body_bytes: 16 * 1024,
            is_plain_loopback: false,
        }
    }
}
