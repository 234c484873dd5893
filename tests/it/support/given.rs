//! Values that a test starts with. Ids increase with each call, like those of UUID version 7.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use svc::domain::{
    Actor, Algorithm, Audience, Client, DisplayName, Email, Event, EventKind, KeyId, Locale, NewPassword,
    OneLine, OperatorName, PasswordHash, PasswordPolicy, Revocation, RevocationReason, Salt, Session,
    SessionId, SessionLifetimes, SigningKey, SigningKeyStatus, Timestamp, User, UserId,
};
use svc::ports::store::Store;
use uuid::Uuid;

/// Returns an id greater than every earlier one. The time in it is later than those of [`at`], because an
/// event's id is not made before the event.
pub fn id() -> Uuid {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let count = LAST.fetch_add(1, Ordering::Relaxed);
    Uuid::from_u128(0x019f_0000_0000_7000_8000_0000_0000_0000 + u128::from(count))
}

/// Returns a prefix for names in a shared server. It differs in each run: a killed run leaves its names
/// behind, and process ids are reused.
pub fn namespace() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    static RUN: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
    format!("svc-test-{:x}-{}", *RUN, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Returns a time, in microseconds after noon of a day in 2026.
pub fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_780_000_000_000_000 + micros).unwrap()
}

/// Returns a time, in seconds after the same noon.
pub fn second(seconds: i64) -> Timestamp {
    at(seconds * 1_000_000)
}

pub fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

/// Returns a password that satisfies the policy.
pub fn new_password(text: &str) -> NewPassword {
    NewPassword::parse(text, PasswordPolicy::new(8, 256).unwrap()).unwrap()
}

/// Returns a password hash. The store does not parse it.
pub fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(format!("$argon2id${text}"))
}

/// Returns an operator.
pub fn operator() -> Actor {
    Actor::Operator(OperatorName::new("ada"))
}

/// Returns an audience.
pub fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

pub fn audience(text: &str) -> Audience {
    Audience::stored(text.to_owned())
}

/// Returns a newly registered user.
pub fn user(address: &str) -> User {
    let name = DisplayName::parse("Ada Lovelace").unwrap();
    User { name: Some(name), ..User::new(UserId(id()), email(address), at(1)) }
}

/// Stores a new user.
pub async fn stored_user(store: &impl Store, address: &str) -> User {
    let user = user(address);
    store_users(store, std::slice::from_ref(&user)).await;
    user
}

/// Stores users.
pub async fn store_users(store: &impl Store, users: &[User]) {
    let mut work = store.begin().await.unwrap();
    for user in users {
        work.users().insert(user, &hash("first")).await.unwrap();
    }
    work.commit().await.unwrap();
}

/// Returns a session that begins at second 0, expires idle at second 100 and absolutely at second 1000.
pub fn session(user: UserId) -> Session {
    let lives = SessionLifetimes {
        idle: Duration::from_secs(100),
        absolute: Duration::from_secs(1000),
        grace: Duration::from_secs(30),
    };
    let client = Client::new(Some("2001:db8::1".parse().unwrap()), Some("curl/8"));
    Session::open(SessionId(id()), user, Salt([7; 16]), client, at(0), lives)
}

/// Stores sessions.
pub async fn store_sessions(store: &impl Store, sessions: &[Session]) {
    let mut work = store.begin().await.unwrap();
    for session in sessions {
        work.sessions().insert(session).await.unwrap();
    }
    work.commit().await.unwrap();
}

/// Returns the revocation of a session at this second.
pub fn revocation(seconds: i64, reason: RevocationReason) -> Revocation {
    Revocation { at: second(seconds), reason }
}

/// Returns a signing key with the times that its status implies.
pub fn signing_key(name: &str, status: SigningKeyStatus) -> SigningKey {
    let (activated_at, retired_at) = match status {
        SigningKeyStatus::Pending => (None, None),
        SigningKeyStatus::Active => (Some(at(2)), None),
        SigningKeyStatus::Retired | SigningKeyStatus::Compromised => (Some(at(2)), Some(at(3))),
    };
    SigningKey {
        id: KeyId(name.to_owned()),
        algorithm: Algorithm::Es256,
        status,
        public_jwk: r#"{"kty":"EC"}"#.to_owned(),
        sealed_private: vec![0, 159, 146, 150],
        created_at: at(1),
        activates_at: None,
        activated_at,
        retired_at,
        compromised_at: (status == SigningKeyStatus::Compromised).then(|| at(4)),
    }
}

/// Returns an event that a user caused on their own account.
pub fn event(subject: UserId, kind: EventKind) -> Event {
    Event {
        id: id(),
        subject: subject.into(),
        actor: Actor::User(subject),
        at: at(5),
        kind,
        has_metadata: false,
    }
}
