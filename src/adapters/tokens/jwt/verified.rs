use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use moka::sync::Cache;

use crate::ports::AccessClaims;

/// Verified tokens, by their digest, so that no token stays in memory longer than its request.
pub(super) struct VerifiedTokens(Option<Cache<[u8; 32], Arc<Verified>>>);

/// The claims of a token, and the id of the key that signed it.
pub(super) struct Verified {
    pub(super) key_id: String,
    pub(super) claims: AccessClaims,
}

impl VerifiedTokens {
    /// Remembers at most `most` tokens, and none for longer than `lifetime`.
    pub(super) fn new(most: u64, lifetime: Duration) -> Self {
        Self((most > 0).then(|| Cache::builder().max_capacity(most).time_to_live(lifetime).build()))
    }

    pub(super) fn get(&self, token: &str) -> Option<Arc<Verified>> {
        self.0.as_ref()?.get(&name(token))
    }

    pub(super) fn remember(&self, token: &str, key_id: String, claims: AccessClaims) {
        if let Some(verified) = &self.0 {
            verified.insert(name(token), Arc::new(Verified { key_id, claims }));
        }
    }
}

/// Returns the digest of a token. No two tokens have the same one.
fn name(token: &str) -> [u8; 32] {
    let mut name = [0; 32];
    name.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    name
}
