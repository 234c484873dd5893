use std::sync::Arc;

use crate::domain::SigningKeyStatus;
use crate::ports::{AccessTokens, InspectedToken, Store};
use crate::usecases::failure::Failure;

/// Takes an access token apart for an operator.
pub struct InspectToken {
    pub(in crate::usecases) access_tokens: Arc<dyn AccessTokens>,
    pub(in crate::usecases) store: Arc<dyn Store>,
}

/// An access token taken apart.
#[derive(Clone, Debug)]
pub struct TokenReport {
    /// The parts and the checks.
    pub token: InspectedToken,
    /// The stage of the key that the token names, if it is stored. A key that is derived is not.
    pub key_status: Option<SigningKeyStatus>,
}

impl InspectToken {
    /// Makes every check that the token alone determines. Does not read its session.
    pub async fn run(&self, token: &str) -> Result<TokenReport, Failure> {
        let token = self.access_tokens.inspect(token).await?;
        let keys = self.store.signing_keys().all().await?;
        let key = keys.iter().find(|key| token.key_id.as_ref() == Some(&key.id.0));
        Ok(TokenReport { key_status: key.map(|key| key.status), token })
    }
}
