//! Secret keys.

use secrecy::ExposeSecret;

use super::facts::Facts;
use crate::config::key_strength::is_random;
use crate::config::settings::SecretKeySource;

const TYPED: &str = "the key is not random, so it can be guessed";

pub(super) fn missing(facts: &Facts<'_>) -> Option<String> {
    let is_missing = matches!(facts.draft.secret_key.as_ref()?, SecretKeySource::File(_));
    is_missing.then(|| "not set".to_owned())
}

pub(super) fn typed(facts: &Facts<'_>) -> Option<String> {
    let SecretKeySource::Given(key) = facts.draft.secret_key.as_ref()? else { return None };
    (!is_random(key.expose_secret())).then(|| TYPED.to_owned())
}

pub(super) fn previous_typed(facts: &Facts<'_>) -> Option<String> {
    let key = facts.draft.previous_secret_key.as_ref()?;
    (!is_random(key.expose_secret())).then(|| TYPED.to_owned())
}
