use std::time::Duration;

use super::*;
use crate::domain::signing_key::{Algorithm, KeyId, SigningKey, SigningKeyStatus};
use crate::domain::timestamp::Timestamp;

const DAY: i64 = 86_400;
/// [`SigningKey::PUBLICATION`], in seconds.
const PUBLISHED: i64 = 360;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).unwrap()
}

fn id(name: &str) -> KeyId {
    KeyId(name.to_owned())
}

fn pending(name: &str, created: i64) -> SigningKey {
    SigningKey {
        id: id(name),
        algorithm: Algorithm::Es256,
        status: SigningKeyStatus::Pending,
        public_jwk: String::new(),
        sealed_private: Vec::new(),
        created_at: at(created),
        activates_at: None,
        activated_at: None,
        retired_at: None,
        compromised_at: None,
    }
}

fn active(name: &str, activated: i64) -> SigningKey {
    let status = SigningKeyStatus::Active;
    SigningKey { status, activated_at: Some(at(activated)), ..pending(name, activated) }
}

fn retired(name: &str, retired: i64) -> SigningKey {
    let status = SigningKeyStatus::Retired;
    SigningKey { status, retired_at: Some(at(retired)), ..active(name, 0) }
}

fn set(keys: &[SigningKey], now: i64) -> KeySet {
    KeySet::new(keys.to_vec(), Algorithm::Es256, at(now), Some(pending("new", 0)))
}

/// The changes, such as `["retired a", "activated b"]`.
fn changes(set: &KeySet) -> Vec<String> {
    let shown = |change: &KeyChange| format!("{} {}", change.as_str(), change.key().id);
    set.changes().iter().map(shown).collect()
}

#[test]
fn a_key_is_active_when_it_is_known_and_the_one_before_is_retired() {
    let keys = [active("a", 0), pending("b", 100)];
    let mut early = set(&keys, 100 + PUBLISHED - 1);
    assert_eq!(early.activate(&id("b"), false), Err(KeyRejection::TooEarly(at(100 + PUBLISHED))));
    assert!(early.changes().is_empty());
    let forced = early.activate(&id("b"), true);
    assert_eq!(forced, Ok(Some(KeyBreak::NewTokensRefused(at(100 + PUBLISHED)))));

    let mut ready = set(&keys, 100 + PUBLISHED);
    assert_eq!(ready.activate(&id("b"), false), Ok(None));
    assert_eq!(changes(&ready), ["retired a", "activated b"]);
    assert_eq!(ready.signing().unwrap().id, id("b"));
    let again = ready.activate(&id("b"), true);
    assert_eq!(again, Err(KeyRejection::WrongStage(SigningKeyStatus::Active, "activated")));
    assert_eq!(ready.activate(&id("x"), true), Err(KeyRejection::NotFound));
}

#[test]
fn a_key_of_another_algorithm_stays_active() {
    let other = SigningKey { algorithm: Algorithm::EdDsa, ..active("a", 0) };
    let mut keys = set(&[other, pending("b", 0)], DAY);
    keys.activate(&id("b"), false).unwrap();
    assert_eq!(changes(&keys), ["activated b"]);
    assert_eq!(keys.signing().unwrap().id, id("b"));
}

#[test]
fn the_key_that_signs_is_retired_by_force_only() {
    let mut keys = set(&[active("a", 0), pending("b", 0)], DAY);
    assert_eq!(keys.retire(&id("a"), false), Err(KeyRejection::Signs));
    assert_eq!(keys.retire(&id("b"), false), Ok(None), "a pending key is withdrawn");
    assert_eq!(
        keys.retire(&id("b"), true),
        Err(KeyRejection::WrongStage(SigningKeyStatus::Retired, "retired"))
    );
    assert_eq!(keys.retire(&id("a"), true), Ok(Some(KeyBreak::NothingSigns)));
    assert_eq!(changes(&keys), ["retired b", "retired a"]);

    let other = SigningKey { algorithm: Algorithm::EdDsa, ..active("o", 0) };
    assert_eq!(set(&[active("a", 0), other], DAY).retire(&id("a"), false), Ok(None));
    let mut derived = KeySet::new(vec![active("a", 0)], Algorithm::Hs256, at(DAY), None);
    assert_eq!(derived.retire(&id("a"), false), Ok(None), "with HS256 it signs nothing");
}

#[test]
fn a_key_is_removed_when_no_token_of_it_is_valid() {
    let removable = 1000 + 30 + 30 + DAY + 30;
    let keys = [active("a", 0), retired("b", 1000), pending("c", 0)];
    let mut early = set(&keys, removable - 1);
    assert_eq!(early.remove(&id("b"), false), Err(KeyRejection::StillValid(at(removable))));
    assert_eq!(early.remove(&id("b"), true), Ok(Some(KeyBreak::TokensRefused(at(removable)))));
    assert_eq!(early.remove(&id("c"), false), Ok(None), "a pending key signed nothing");
    let still = early.remove(&id("a"), true);
    assert_eq!(still, Err(KeyRejection::WrongStage(SigningKeyStatus::Active, "removed")));
    assert_eq!(set(&keys, removable).remove(&id("b"), false), Ok(None));
}

#[test]
fn a_compromised_key_is_replaced_at_once_if_it_signs() {
    let mut keys = set(&[active("a", 0), pending("young", 900), pending("old", 800)], 1000);
    let breaks = keys.compromise(&id("a")).unwrap();
    assert_eq!(changes(&keys), ["compromised a", "activated old"]);
    assert_eq!(
        breaks,
        [
            KeyBreak::TokensRefused(at(1000 + DAY + 30)),
            KeyBreak::AcceptedElsewhere(at(1000 + 30 + 300)),
            KeyBreak::NewTokensRefused(at(800 + PUBLISHED)),
        ]
    );
    let key = keys.changes()[0].key();
    assert_eq!((key.retired_at, key.compromised_at), (Some(at(1000)), Some(at(1000))));

    let mut alone = set(&[active("a", 0)], 1000);
    alone.compromise(&id("a")).unwrap();
    assert_eq!(changes(&alone), ["compromised a", "generated new", "activated new"]);

    let mut before = set(&[active("a", 0), retired("b", 500)], 1000);
    before.compromise(&id("b")).unwrap();
    assert_eq!(changes(&before), ["compromised b"]);
    assert_eq!(before.changes()[0].key().retired_at, Some(at(500)));

    let mut staged = set(&[active("a", 0), pending("b", 500)], 1000);
    assert_eq!(staged.compromise(&id("b")), Ok(Vec::new()));
    assert_eq!(changes(&staged), ["removed b"]);
}

#[test]
fn a_rotation_stages_waits_and_activates() {
    let mut first = set(&[active("a", 0)], 1000);
    assert_eq!(first.rotate(false), Ok(None));
    assert_eq!(changes(&first), ["generated new"]);
    let staged = first.planned().unwrap().clone();
    assert_eq!(staged.activates_at, Some(at(1000 + PUBLISHED)));

    let keys = [active("a", 0), staged];
    let mut waiting = set(&keys, 1000 + PUBLISHED - 1);
    assert_eq!(waiting.rotate(false), Ok(None));
    assert!(waiting.changes().is_empty());
    let mut ready = set(&keys, 1000 + PUBLISHED);
    ready.rotate(false).unwrap();
    assert_eq!(changes(&ready), ["retired a", "activated new"]);
    let mut forced = set(&[active("a", 0)], 1000);
    let breaks = forced.rotate(true);
    assert_eq!(breaks, Ok(Some(KeyBreak::NewTokensRefused(at(1000 + PUBLISHED)))));
    assert_eq!(changes(&forced), ["generated new", "retired a", "activated new"]);

    let mut by_hand = set(&[active("a", 0), pending("b", 990)], 1000);
    by_hand.rotate(false).unwrap();
    assert_eq!(changes(&by_hand), ["planned b"]);
}

#[test]
fn the_worker_rotates_when_it_is_time() {
    let every = Some(Duration::from_hours(24));
    let run = |keys: &[SigningKey], now| {
        let mut keys = set(keys, now);
        keys.keep_up(every).unwrap();
        keys
    };
    assert!(run(&[active("a", 0)], DAY - PUBLISHED - 1).changes().is_empty());
    let staged = run(&[active("a", 0)], DAY - PUBLISHED);
    assert_eq!(changes(&staged), ["generated new"]);
    let new = staged.planned().unwrap().clone();
    assert_eq!(new.activates_at, Some(at(DAY)));
    assert!(run(&[active("a", 0), new.clone()], DAY - 1).changes().is_empty());
    assert_eq!(changes(&run(&[active("a", 0), new], DAY)), ["retired a", "activated new"]);
    // A key that an operator generated waits for the operator, unless a rotation is due.
    let by_hand = [active("a", 0), pending("b", 100)];
    assert!(run(&by_hand, 5000).changes().is_empty());
    assert_eq!(changes(&run(&by_hand, DAY - 10)), ["planned b"]);

    let off = |keys: &[SigningKey], now| {
        let mut keys = set(keys, now);
        keys.keep_up(None).unwrap();
        changes(&keys)
    };
    assert!(off(&[active("a", 0)], 1000 * DAY).is_empty());
    assert_eq!(off(&[active("a", 0), retired("b", 0)], 2 * DAY), ["removed b"]);
    assert!(off(&[active("a", 0), retired("b", 0)], DAY).is_empty());
    assert_eq!(off(&[], 0), ["generated new", "activated new"]);
}

#[test]
fn another_algorithm_is_staged_and_the_old_one_signs_until_it_is_known() {
    let old = SigningKey { algorithm: Algorithm::EdDsa, ..active("a", 0) };
    let mut staging = set(std::slice::from_ref(&old), 1000);
    staging.follow_algorithm().unwrap();
    assert_eq!(changes(&staging), ["generated new"]);
    assert_eq!(staging.signing().unwrap().id, id("a"));
    let new = staging.planned().unwrap().clone();

    let keep_up = |keys: &[SigningKey], now| {
        let mut keys = set(keys, now);
        keys.keep_up(None).unwrap();
        keys
    };
    let waiting = [old.clone(), new];
    assert!(keep_up(&waiting, 1000 + PUBLISHED - 1).changes().is_empty());
    let activated = keep_up(&waiting, 1000 + PUBLISHED);
    assert_eq!(changes(&activated), ["activated new"]);
    let both = [old, activated.signing().unwrap().clone()];
    let day_later = 1000 + PUBLISHED + DAY;
    assert!(keep_up(&both, day_later - 1).changes().is_empty());
    assert_eq!(changes(&keep_up(&both, day_later)), ["retired a"]);
}

#[test]
fn hs256_has_no_keys_to_generate() {
    let mut keys = KeySet::new(vec![active("a", 0)], Algorithm::Hs256, at(DAY), None);
    assert_eq!(keys.generate(None), Err(KeyRejection::Derived));
    assert_eq!(keys.rotate(true), Err(KeyRejection::Derived));
    assert_eq!(keys.keep_up(Some(Duration::from_hours(1))), Ok(()));
    assert_eq!(keys.follow_algorithm(), Ok(()));
    assert!(keys.changes().is_empty());
    assert_eq!(set(&[], 0).generate(None).unwrap(), id("new"));
    assert_eq!(
        KeySet::new(vec![], Algorithm::Es256, at(0), None).generate(None),
        Err(KeyRejection::NeedsKey)
    );
}

#[test]
fn operators_add_keys_up_to_a_limit_and_the_service_goes_on() {
    let many = |count: usize, key: fn(&str, i64) -> SigningKey| {
        let others = (0..count).map(|number| key(&number.to_string(), 10));
        std::iter::once(active("a", 0)).chain(others).collect::<Vec<_>>()
    };
    assert!(set(&many(9, pending), 20).generate_another().is_ok());
    let mut full = set(&many(10, pending), 20);
    assert_eq!(full.generate_another(), Err(KeyRejection::TooManyPending(10)));
    assert!(full.compromise(&id("a")).is_ok(), "a pending key takes over");
    assert!(set(&many(98, retired), 20).rotate(true).is_ok());
    let mut full = set(&many(99, retired), 20);
    assert_eq!(full.rotate(true), Err(KeyRejection::TooManyPublished(100)));
    assert!(full.rotate(false).is_ok(), "the worker stages the next key");
    assert!(set(&many(99, retired), 20).compromise(&id("a")).is_ok());
    // Nothing loads a compromised key.
    let compromised = |name: &str, at_: i64| {
        let status = SigningKeyStatus::Compromised;
        SigningKey { status, compromised_at: Some(at(at_)), ..retired(name, at_) }
    };
    assert!(set(&many(200, compromised), 20).generate_another().is_ok());
}
