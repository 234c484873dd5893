use std::sync::Arc;

use crate::domain::SigningKeyStatus;
use crate::ports::{AccessTokens, InspectedToken};
use crate::usecases::failure::Failure;
use crate::usecases::rules::stored_key::{StoredKeyError, StoredKeys};

/// Takes an access token apart for an operator.
pub struct InspectToken {
    pub(in crate::usecases) access_tokens: Arc<dyn AccessTokens>,
    pub(in crate::usecases) stored_keys: StoredKeys,
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
    pub async fn run(&self, token: &str) -> Result<TokenReport, StoredKeyError> {
        let inspected = self.access_tokens.inspect(token).await;
        let mut token = inspected.map_err(|error| StoredKeyError::Failed(Failure::from(error)))?;
        let named = self.stored_keys.of(&mut token).await?;
        Ok(TokenReport { key_status: named.key.map(|key| key.status), token })
    }
}
