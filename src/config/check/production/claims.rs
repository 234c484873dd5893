//! Claims of access tokens.

use super::facts::Facts;

/// A service that takes such a claim for a right gives it to every user who asks.
pub(super) fn written_by_user(facts: &Facts<'_>) -> Option<String> {
    let claim = facts.draft.token.as_ref()?.claims.written_by_user()?;
    Some(format!("users can set the claim {:?} to any value, as a member of their metadata", claim.name()))
}
