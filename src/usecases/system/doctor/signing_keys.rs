use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::check::DoctorCheck;
use super::finding::Finding;
use crate::domain::{Algorithm, KeySet, SigningKey, Timestamp, counted};
use crate::ports::{Clock, KeyError, KeyFactory, Store, StoreError};

const NAME: &str = "signing_key";

/// The age of a key that no operator has rotated: twice the time after which the worker does by default.
const OLD: Duration = Duration::from_hours(180 * 24);
/// A worker takes the next step of a rotation within minutes, so a step that is late by this waits for one.
const LATE: Duration = Duration::from_hours(24);

/// Checks the key that signs access tokens.
pub(super) struct SigningKeysCheck {
    pub store: Arc<dyn Store>,
    pub keys: Arc<dyn KeyFactory>,
    pub clock: Arc<dyn Clock>,
    pub wait: Duration,
    /// How long a key signs before the worker replaces it.
    pub rotate_every: Option<Duration>,
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
            Ok(keys) => {
                let now = self.clock.now();
                let keys = KeySet::new(keys, algorithm, now, None);
                vec![judge(&keys, algorithm, now, self.rotate_every, |key| self.keys.check(key))]
            }
            // The check of the database names the cause.
            Err(
                StoreError::Unavailable(_)
                | StoreError::Blocked(..)
                | StoreError::Unusable(..)
                | StoreError::Direct(_),
            ) => Vec::new(),
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
    keys: &KeySet,
    algorithm: Algorithm,
    now: Timestamp,
    rotate_every: Option<Duration>,
    open: impl Fn(&SigningKey) -> Result<(), KeyError>,
) -> Finding {
    let Some(signing) = keys.signing() else {
        if keys.is_empty() {
            return Finding::ok(NAME, "none yet: the first start of the service makes one");
        }
        return Finding::fail(
            NAME,
            "no key is active",
            "log-ins and refreshes are answered 503",
            "make a key active: `svc key rotate --force`",
        );
    };
    if open(signing).is_err() {
        return Finding::fail(
            NAME,
            format!("{} was encrypted with another secret key", signing.id),
            "the service does not start: it cannot sign, and no token of this database is valid",
            "set security.secret_key to the key that this database was used with; see docs/secret-key.md",
        );
    }
    let age = now.since(signing.activated_at.unwrap_or(signing.created_at));
    let days = age.as_secs() / (24 * 3600);
    let days = counted(days, "day");
    let measured = format!("{} {}, active for {days}", signing.algorithm, signing.id);
    let next = keys.planned().and_then(|key| Some((key, key.activates_at?)));
    if let Some((key, at)) = next {
        if now.since(at) > LATE {
            return Finding::warn(
                NAME,
                format!("{measured}; {} was to follow at {at}", key.id),
                "the key is not replaced, because no worker runs",
                "run `svc consume`, or take the step by hand: `svc key rotate`",
            );
        }
        return Finding::ok(NAME, format!("{measured}; {} follows at {at}", key.id));
    }
    if signing.algorithm != algorithm {
        return Finding::warn(
            NAME,
            format!("{measured}; security.token.algorithm is {algorithm}"),
            "tokens are signed with another algorithm than the settings name",
            "restart the service, which publishes a key of that algorithm, or publish it: `svc key rotate`",
        );
    }
    if age > rotate_every.map_or(OLD, |every| every + LATE) {
        return Finding::warn(
            NAME,
            measured,
            "a key that leaked unnoticed stays useful for as long as it signs",
            "rotate the key: `svc key rotate`; a worker (`svc consume`) does so every \
             security.token.rotate_every",
        );
    }
    Finding::ok(NAME, measured)
}

#[cfg(test)]
mod tests {
    use super::super::finding::FindingState::{Fail, Ok as Well, Warn};
    use super::*;
    use crate::domain::{KeyId, SigningKeyStatus};

    const DAY: Duration = Duration::from_hours(24);

    fn now() -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000).unwrap()
    }

    fn key(algorithm: Algorithm, status: SigningKeyStatus, days: u32) -> SigningKey {
        let since = now().minus(DAY * days);
        SigningKey {
            id: KeyId(format!("{algorithm}-{status}-{days}")),
            algorithm,
            status,
            public_jwk: String::new(),
            sealed_private: Vec::new(),
            created_at: since,
            activates_at: None,
            activated_at: (status != SigningKeyStatus::Pending).then_some(since),
            retired_at: None,
            compromised_at: None,
        }
    }

    fn found(keys: &[SigningKey], rotate_every: Option<u32>) -> Finding {
        let keys = KeySet::new(keys.to_vec(), Algorithm::Es256, now(), None);
        judge(&keys, Algorithm::Es256, now(), rotate_every.map(|days| DAY * days), |_| Ok(()))
    }

    #[test]
    fn the_key_that_signs_is_judged_by_its_age_and_its_rotation() {
        use Algorithm::{EdDsa, Es256};
        use SigningKeyStatus::{Active, Pending, Retired};
        let planned =
            |days: u32, at: Timestamp| SigningKey { activates_at: Some(at), ..key(Es256, Pending, days) };
        for (keys, rotate_every, state) in [
            (vec![], Some(90), Well),
            (vec![key(Es256, Active, 89)], Some(90), Well),
            (vec![key(Es256, Active, 92)], Some(90), Warn),
            (vec![key(Es256, Active, 92)], None, Well),
            (vec![key(Es256, Active, 200)], None, Warn),
            (vec![key(Es256, Active, 200)], Some(365), Well),
            (vec![key(Es256, Retired, 1)], Some(90), Fail),
            // Another algorithm signed before, and its key is active for another day.
            (vec![key(EdDsa, Active, 300), key(Es256, Active, 1)], Some(90), Well),
            (vec![key(EdDsa, Active, 1)], Some(90), Warn),
            (vec![key(EdDsa, Active, 1), planned(0, now().plus(DAY))], Some(90), Well),
            (vec![key(Es256, Active, 95), planned(5, now().minus(DAY * 2))], Some(90), Warn),
            (vec![key(Es256, Active, 90), planned(0, now())], Some(90), Well),
        ] {
            let finding = found(&keys, rotate_every);
            assert_eq!(finding.state, state, "{keys:?} {rotate_every:?}: {finding:?}");
        }
        let both = found(&[key(EdDsa, Active, 300), key(Es256, Active, 1)], Some(90));
        assert!(both.measured.contains("active for 1 day"), "{both:?}");
    }
}
