//! The frame of a value in Redis: it shows who wrote the value, what it belongs to and how new it is, before
//! the value is used.
//!
//! `version` (20 digits) `stamp` (16 digits) `MAC` (43 characters) `JSON`. A frame that ends after the stamp
//! is a tombstone: no value older than its version may be stored there. The MAC is over all other parts and
//! the key, so garbage, the value of another key, a forged value and a value with another stamp are never
//! used. The stamp is that of the claim under which the value was read, so it is known before the value is.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::record::Record;
use crate::adapters::tokens::secret_key::{PerKey, Purpose, SecretKeys};

const VERSION: usize = 20;
const STAMP: usize = 16;
const MAC: usize = 43;

/// Makes and reads frames, under a key derived from the secret key.
pub(super) struct Frames(PerKey<hmac::Key>);

/// The parsed content of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read<T> {
    /// A value, and the time when its read from the store began, in microseconds by the server's clock.
    Value(T, u64),
    /// No value, since this time. Only a value of this version or a newer one may be stored.
    Tombstone(u64),
    /// Not a frame of ours.
    Garbage,
}

impl Frames {
    pub(super) fn new(secrets: &SecretKeys) -> Self {
        Self(secrets.map(|secret| secret.mac_key(Purpose::CachedValues)))
    }

    /// Returns the body of a value, with the stamp of this claim.
    pub(super) fn body<T: Record>(&self, value: &T, claim: &[u8]) -> String {
        let (stamp, json) = (stamp(claim).unwrap_or_default(), value.to_json());
        let message = message::<T>(value.id(), &version(value.version()), stamp, &json);
        let mac = hmac::sign(self.0.present(), message.as_bytes());
        URL_SAFE_NO_PAD.encode(mac) + &json
    }

    /// Reads the content of the key of `id`.
    pub(super) fn read<T: Record>(&self, id: Uuid, frame: &[u8]) -> Read<T> {
        self.parse(id, frame).unwrap_or(Read::Garbage)
    }

    fn parse<T: Record>(&self, id: Uuid, frame: &[u8]) -> Option<Read<T>> {
        let (version, rest) = std::str::from_utf8(frame).ok()?.split_at_checked(VERSION)?;
        let (stamp, body) = rest.split_at_checked(STAMP)?;
        let stamp = stamp.parse().ok()?;
        if body.is_empty() && version.bytes().all(|digit| digit.is_ascii_digit()) {
            return Some(Read::Tombstone(stamp));
        }
        let (mac, json) = body.split_at_checked(MAC)?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        let message = message::<T>(id, version, stamp, json);
        self.0.iter().find(|key| hmac::verify(key, message.as_bytes(), &mac).is_ok())?;
        let value = T::from_json(json)?;
        let fits = value.id() == id && self::version(value.version()) == version;
        fits.then_some(Read::Value(value, stamp))
    }
}

/// Returns the stamp of a frame that the script has stored.
pub(super) fn stamp(frame: &[u8]) -> Option<u64> {
    std::str::from_utf8(frame.get(VERSION..VERSION + STAMP)?).ok()?.parse().ok()
}

/// Formats a version for the script, which compares it as text because its numbers are floating-point.
pub(super) fn version(version: i64) -> String {
    format!("{version:020}")
}

fn message<T: Record>(id: Uuid, version: &str, stamp: u64, json: &str) -> String {
    format!("{}:{id}:{version}:{stamp}:{json}", T::KIND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::tokens::secret_key::SecretKey;
    use crate::domain::{SessionId, SessionSnapshot, Timestamp, User, UserId};

    const ID: Uuid = Uuid::from_u128(7);

    fn frames() -> Frames {
        Frames::new(&SecretKey::given(&"a secret key of thirty-two bytes".into()).into())
    }

    fn snapshot(revoked: bool) -> SessionSnapshot {
        let expires_at = Timestamp::from_micros(5).unwrap();
        SessionSnapshot { id: SessionId(ID), user_id: UserId(Uuid::from_u128(8)), expires_at, revoked }
    }

    fn frame(value: &SessionSnapshot) -> String {
        let claim = format!("{}{:016}", version(0), 1_700_000_000_000_000_u64);
        let body = frames().body(value, claim.as_bytes());
        format!("{}{}{body}", version(value.version()), &claim[VERSION..])
    }

    #[test]
    fn a_value_is_read_as_it_was_written() {
        for value in [snapshot(false), snapshot(true)] {
            let read = frames().read(ID, frame(&value).as_bytes());
            assert_eq!(read, Read::Value(value, 1_700_000_000_000_000));
        }
    }

    #[test]
    fn a_tombstone_is_no_value() {
        let tombstone = format!("{}{:016}", version(3), 1);
        assert_eq!(frames().read::<SessionSnapshot>(ID, tombstone.as_bytes()), Read::Tombstone(1));
    }

    #[test]
    fn bytes_that_we_did_not_write_for_this_key_are_garbage() {
        let frame = frame(&snapshot(false));
        let garbage = |text: &str| frames().read::<SessionSnapshot>(ID, text.as_bytes()) == Read::Garbage;
        for length in 0..frame.len() {
            assert!(length == VERSION + STAMP || garbage(&frame[..length]), "cut to {length}");
        }
        assert!(garbage(&frame.replace("false", "true")), "another state");
        assert!(garbage(&format!("{}{}", version(9), &frame[VERSION..])), "another version");
        assert!(garbage(&frame.replacen("17000", "17001", 1)), "another time");
        assert!(garbage(&format!("{frame} ")), "more than was written");
        assert_eq!(frames().read::<SessionSnapshot>(Uuid::from_u128(9), frame.as_bytes()), Read::Garbage);
        assert_eq!(frames().read::<User>(ID, frame.as_bytes()), Read::Garbage);
        assert_eq!(frames().read::<SessionSnapshot>(ID, &[0xff; 200]), Read::Garbage);
        let [other, ours] = ["another key of thirty-two bytes!", "a secret key of thirty-two bytes"]
            .map(|secret| SecretKey::given(&secret.into()));
        let others = Frames::new(&other.clone().into());
        assert_eq!(others.read::<SessionSnapshot>(ID, frame.as_bytes()), Read::Garbage);

        // Replicas that already have the new secret key read values of those that still have only the old
        // one.
        let changing = Frames::new(&SecretKeys::new(other, Some(ours)));
        let read = changing.read(ID, frame.as_bytes());
        assert_eq!(read, Read::Value(snapshot(false), 1_700_000_000_000_000));
        let body = changing.body(&snapshot(false), frame.as_bytes());
        assert_eq!(others.body(&snapshot(false), frame.as_bytes()), body, "put under the present key");
    }
}
