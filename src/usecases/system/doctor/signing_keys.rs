use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::domain::{Algorithm, SigningKey, SigningKeyStatus, Timestamp};
use crate::ports::{Clock, KeyError, KeyFactory, Store, StoreError};

const NAME: &str = "signing_key";

/// Twice the time after which a key is rotated by default.
const OLD: Duration = Duration::from_hours(180 * 24);

/// Checks the key that signs access tokens.
pub(super) struct SigningKeysCheck {
    pub store: Arc<dyn Store>,
    pub keys: Arc<dyn KeyFactory>,
    pub clock: Arc<dyn Clock>,
    pub wait: Duration,
}

#[async_trait]
impl DoctorCheck for SigningKeysCheck {
    fn name(&self) -> &'static str {
        NAME
    }

    fn limit(&self) -> Duration {
        self.wait * 2
    }

    async fn run(&self) -> Vec<Finding> {
        let algorithm = self.keys.algorithm();
        if algorithm == Algorithm::Hs256 {
            return vec![Finding::ok(NAME, "HS256: derived from security.secret_key")];
        }
        match self.store.signing_keys().all().await {
            Ok(keys) => vec![judge(&keys, algorithm, self.clock.now(), |key| self.keys.check(key))],
            // The check of the database names the cause.
            Err(StoreError::Unavailable(_) | StoreError::Unusable(..) | StoreError::Direct(_)) => Vec::new(),
            Err(error) => vec![Finding::fail(
                NAME,
                error.to_string(),
                "no access token can be issued or verified",
                "run `svc migrate status`, and restore the table from a backup if it was changed",
            )],
        }
    }
}

fn judge(
    keys: &[SigningKey],
    algorithm: Algorithm,
    now: Timestamp,
    open: impl Fn(&SigningKey) -> Result<(), KeyError>,
) -> Finding {
    let Some(active) = keys.iter().find(|key| key.status == SigningKeyStatus::Active) else {
        return Finding::ok(NAME, "none yet: the first start of the service makes one");
    };
    if open(active).is_err() {
        return Finding::fail(
            NAME,
            format!("{} was encrypted with another secret key", active.id),
            "the service does not start: it cannot sign, and no token of this database is valid",
            "set security.secret_key to the key that this database was used with; see docs/secret-key.md",
        );
    }
    let age = now.since(active.activated_at.unwrap_or(active.created_at));
    let days = age.as_secs() / (24 * 3600);
    let measured = format!("{} {}, active for {days} days", active.algorithm, active.id);
    if active.algorithm != algorithm {
        return Finding::warn(
            NAME,
            format!("{measured}; security.token.algorithm is {algorithm}"),
            "tokens are signed with another algorithm than the settings name",
            "restart the service: it changes the key to the algorithm of the settings",
        );
    }
    if age >= OLD {
        return Finding::warn(
            NAME,
            measured,
            "a key that leaked unnoticed stays useful for as long as it signs",
            "rotate the key: `svc key rotate`",
        );
    }
    Finding::ok(NAME, measured)
}
