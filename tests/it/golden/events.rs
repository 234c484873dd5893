use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use svc::adapters::events::cloud_events::{self, EventPlace};
use svc::domain::{
    Actor, Ban, BanEnd, BanId, BanReason, BanTarget, Cause, DeletedUser, DiscardFacts, DisownedEmail,
    EmailChange, EndedSession, Event, EventKind, EventType, KeyFacts, OneLine, ReplayFacts,
    RequestedEmailChange, RequestedMail, RevocationReason, RevokedSession, Role, RoleChange, SentInvitation,
    SessionId, SigningKey, SigningKeyStatus, User, UserId,
};
use svc::ports::events::{Lease, OutboxQueue};
use svc::ports::store::Store;
use uuid::Uuid;

use super::check;
use crate::support::{Backend, both_backends, given};

fn samples() -> Vec<EventKind> {
    let user = User { id: subject(), locale: Some(given::locale("de-AT")), ..given::user("ada@example.com") };
    let session = SessionId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0002));
    let ban = Ban {
        id: BanId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0003)),
        target: BanTarget::Network("203.0.113.0/24".parse().unwrap()),
        reason: Some(BanReason::parse("credential stuffing").unwrap()),
        version: 1,
        created_at: given::at(0),
        end: BanEnd::At(given::second(3_600)),
    };
    let of_account = Ban {
        target: BanTarget::User(subject()),
        reason: None,
        version: 2,
        end: BanEnd::Never,
        ..ban.clone()
    };
    let key = |status| given::signing_key("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", status);
    vec![
        EventKind::UserRegistered(user.clone()),
        EventKind::UserUpdated(user.clone()),
        EventKind::UserPasswordChanged(user.clone()),
        EventKind::UserLocked(user.clone()),
        EventKind::UserUnlocked(user.clone()),
        EventKind::UserRoleChanged(RoleChange { user: user.clone(), from: Role::Admin }),
        EventKind::UserVerificationRequested(RequestedMail {
            user: user.clone(),
            expires_at: given::second(86_400),
            language: None,
        }),
        EventKind::UserEmailVerified(User { email_verified: true, version: 2, ..user.clone() }),
        EventKind::UserPasswordResetRequested(RequestedMail {
            user: user.clone(),
            expires_at: given::second(1_800),
            language: Some(given::locale("de")),
        }),
        EventKind::UserInvited(SentInvitation { user: user.clone(), expires_at: given::second(259_200) }),
        EventKind::UserInvitationAccepted(User { email_verified: true, version: 2, ..user.clone() }),
        EventKind::UserEmailChangeRequested(RequestedEmailChange {
            user: user.clone(),
            new_email: given::email("ada@example.org"),
            expires_at: given::second(3_600),
            language: None,
            notice: true,
        }),
        EventKind::UserEmailChanged(EmailChange {
            user: User {
                email: given::email("ada@example.org"),
                email_verified: true,
                version: 2,
                ..user.clone()
            },
            from: user.email.clone(),
        }),
        EventKind::UserGuessingDetected(user.clone()),
        EventKind::UserRegistrationRepeated(user.clone()),
        EventKind::UserDisowned(User { version: 2, ..user.clone() }),
        EventKind::UserEmailChangeDisowned(DisownedEmail {
            user: user.clone(),
            new_email: given::email("ada@example.org"),
        }),
        EventKind::UserDeleted(DeletedUser { email: user.email, version: 2 }),
        EventKind::SessionStarted(session),
        EventKind::SessionRevoked(RevokedSession(session, RevocationReason::LoggedOut)),
        EventKind::SessionReuseDetected(EndedSession(session)),
        EventKind::BanAdded(ban),
        EventKind::BanRemoved(of_account),
        EventKind::KeyGenerated(KeyFacts::of(&key(SigningKeyStatus::Pending))),
        EventKind::KeyActivated(KeyFacts::of(&key(SigningKeyStatus::Active))),
        EventKind::KeyRetired(KeyFacts::of(&key(SigningKeyStatus::Retired))),
        EventKind::KeyRemoved(KeyFacts::removed(&SigningKey {
            compromised_at: Some(given::at(0)),
            ..key(SigningKeyStatus::Compromised)
        })),
        EventKind::KeyPlanned(KeyFacts::of(&SigningKey {
            activates_at: Some(given::second(360)),
            ..key(SigningKeyStatus::Pending)
        })),
        EventKind::EventReplayed(ReplayFacts {
            event_id: None,
            since: Some(given::at(0)),
            replayed: 120,
            requeued: 2,
            returned: None,
        }),
        EventKind::DeadLetterDiscarded(DiscardFacts { discarded: 3, kept: 1 }),
    ]
}

fn subject() -> UserId {
    UserId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001))
}

both_backends! {
    async fn a_sample_of_each_event(backend: Backend) {
        let db = backend.database().await;
        let mut work = db.store.begin().await.unwrap();
        for kind in samples() {
            let event = Event::new(given::id(), subject(), Actor::User(subject()), given::at(0), kind);
            work.outbox().append(&event).await.unwrap();
        }
        work.commit().await.unwrap();

        let lease = Lease { claim: given::id(), now: given::at(0), until: given::at(1) };
        let stored = db.store.claim_unrelayed(&lease, 100).await.unwrap();
        let document = cloud_events::document(&EventPlace::default());
        let mut events = Map::new();
        for (number, mut event) in stored.into_iter().enumerate() {
            // Ids are assigned in the order in which tests ask for them.
            event.id = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0100 + number as u128);
            let example = &document["components"]["messages"][&event.type_name]["examples"][0]["payload"];
            validate(&document, &event.type_name, example);
            let mut envelope = cloud_events::envelope("https://auth.example.com", &event).unwrap();
            validate(&document, &event.type_name, &envelope);
            // Events of commands have no cause; one that does must be valid too.
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            event.cause = Cause::stored(Some("browser-1"), Some(trace), Some("vendor=1"));
            validate(&document, &event.type_name, &cloud_events::envelope("/", &event).unwrap());
            envelope["data"] = sorted(envelope["data"].as_object().unwrap().clone());
            events.insert(event.type_name, envelope);
        }
        check("events.json", &format!("{:#}", json!(events)));
    }
}

/// Validates an event against its schema in the AsyncAPI document, and checks that another shape is refused.
fn validate(document: &Value, type_name: &str, envelope: &Value) {
    let mut schema = document["components"]["messages"][type_name]["payload"].clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    if let Err(error) = validator.validate(envelope) {
        panic!("{type_name}: {error} at {}", error.instance_path());
    }
    for (pointer, wrong) in [
        ("type", json!("svc.other.v1")),
        ("id", json!("1")),
        ("data", json!({})),
        ("traceparent", json!("1")),
        ("correlationid", json!("")),
    ] {
        let mut other = envelope.clone();
        other[pointer] = wrong;
        assert!(!validator.is_valid(&other), "{type_name} with another {pointer}");
    }
}

/// PostgreSQL keeps the members of an object in an order of its own.
fn sorted(object: Map<String, Value>) -> Value {
    let mut object = object;
    object.sort_keys();
    Value::Object(object)
}

#[test]
fn no_event_is_left_out() {
    let sampled: BTreeSet<EventType> = samples().iter().map(EventKind::event_type).collect();
    assert_eq!(sampled, EventType::ALL.iter().copied().collect());
}
