use poem_openapi::registry::MetaSchema;
use secrecy::SecretString;

use super::field::Text;
use crate::api::problem::Violation;
use crate::domain::PasswordPolicy;

/// A mailed token. The use case decides whether it is valid, with the same error for every invalid one.
#[derive(Debug)]
pub struct MailedToken(pub SecretString);

impl Text for MailedToken {
    fn schema() -> MetaSchema {
        let example = Some("svcm_0Zj2bojQh1EOAIUbeQ7B4pcMvLpWoeKtLTdHYUxVWL0".into());
        let (format, pattern) = (Some("password"), Some("^svcm_[A-Za-z0-9_-]{43}$".to_owned()));
        MetaSchema { format, example, pattern, max_length: Some(48), ..MetaSchema::new("string") }
    }

    fn parse(text: &str, _: PasswordPolicy) -> Result<Self, Violation> {
        Ok(Self(text.into()))
    }
}
