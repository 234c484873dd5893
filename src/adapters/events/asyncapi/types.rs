//! The summary of each event type, and the schemas of its data.

use serde_json::{Map, Value, json};

use crate::domain::EventType;

/// The metadata of a user in the data of an event.
const METADATA: [(&str, &str); 2] = [
    (
        "metadata",
        "Data of applications that the user writes; only if the setting events.include_metadata is on.",
    ),
    (
        "app_metadata",
        "Data of applications that administrators write; only if the setting events.include_metadata is on.",
    ),
];

/// The summary of an event type, and the schema of its data.
pub(super) const fn about(event_type: EventType) -> (&'static str, &'static str) {
    match event_type {
        EventType::UserRegistered => ("A user was created.", "User"),
        EventType::UserUpdated => ("The display name, the language or the metadata changed.", "User"),
        EventType::UserPasswordChanged => ("The password changed.", "User"),
        EventType::UserLocked => ("The user was locked and can no longer log in.", "User"),
        EventType::UserUnlocked => ("The user was unlocked and can log in again.", "User"),
        EventType::UserRoleChanged => ("The role changed.", "UserRoleChanged"),
        EventType::UserVerificationRequested => {
            ("A mail to verify the email address was requested.", "MailRequested")
        }
        EventType::UserEmailVerified => ("The user verified the email address.", "User"),
        EventType::UserPasswordResetRequested => {
            ("A mail to set a new password was requested.", "MailRequested")
        }
        EventType::UserInvited => {
            ("A mail to accept an invitation was requested. The user has no password.", "UserInvited")
        }
        EventType::UserInvitationAccepted => ("An invited user set the first password.", "User"),
        EventType::UserEmailChangeRequested => {
            ("A mail to confirm a new email address was requested.", "UserEmailChangeRequested")
        }
        EventType::UserEmailChanged => ("The email address changed to a verified one.", "UserEmailChanged"),
        EventType::UserGuessingDetected => {
            ("Many wrong passwords were entered for the account. The user is warned by mail.", "User")
        }
        EventType::UserRegistrationRepeated => {
            ("A registration named the email address of the user, who is notified by mail.", "User")
        }
        EventType::UserDisowned => {
            ("The owner of the email address disowned the account. Its password was made unusable.", "User")
        }
        EventType::UserEmailChangeDisowned => (
            "The owner of the new email address disowned the account. The change was cancelled.",
            "UserEmailChangeDisowned",
        ),
        EventType::UserDeleted => ("The user was deleted.", "UserDeleted"),
        EventType::SessionStarted => ("A session was opened.", "Session"),
        EventType::SessionRevoked => ("A session was revoked.", "SessionRevoked"),
        EventType::SessionReuseDetected => {
            ("A refresh token was reused, so its session was revoked.", "Session")
        }
        EventType::BanAdded => {
            ("A network or a user was banned, or the reason or the end of the ban changed.", "Ban")
        }
        EventType::BanRemoved => ("A ban was removed before its end.", "Ban"),
        EventType::KeyGenerated => ("A signing key was generated and published.", "Key"),
        EventType::KeyActivated => ("A signing key became active: it signs access tokens.", "Key"),
        EventType::KeyRetired => {
            ("A signing key was retired: it signs no more, and its tokens are still accepted.", "Key")
        }
        EventType::KeyRemoved => ("A signing key was removed: its tokens are not accepted any more.", "Key"),
    }
}

/// The schemas of the envelope and of the data.
pub(super) fn schemas() -> Value {
    let user = json!({
        "email": email(),
        "email_verified": { "type": "boolean" },
        "name": { "type": ["string", "null"] },
        "locale": described(
            json!({ "type": ["string", "null"] }),
            "Language of mails to the user (BCP 47), such as `de`; null if it is not known.",
        ),
        "role": role(),
        "status": { "type": "string", "enum": ["active", "locked"] },
        "version": user_version(),
    });
    let mut changed_role = user.clone();
    changed_role["from"] = role();
    let mut invited = user.clone();
    invited["expires_at"] = described(
        json!({ "type": "string", "format": "date-time" }),
        "Time at which the mailed link expires.",
    );
    let mut mail = invited.clone();
    mail["language"] = described(
        json!({ "type": ["string", "null"] }),
        "Language of mails that the client of the request prefers (BCP 47); the mail is in it if `locale` is null.",
    );
    let mut changing_email = mail.clone();
    changing_email["new_email"] =
        described(email(), "Recipient of the mail. The address may belong to another person.");
    changing_email["notice"] = described(
        json!({ "type": "boolean" }),
        "Whether the current email address is notified, at most once a minute.",
    );
    let mut disowned_email = user.clone();
    disowned_email["new_email"] = email();
    let mut changed_email = user.clone();
    changed_email["from"] = email();
    let session = json!({ "session_id": uuid(), "version": session_version() });
    let mut revoked = session.clone();
    revoked["reason"] =
        json!({ "type": "string", "description": "Reason, as one word. New words may be added." });
    let ban = json!({
        "ban_id": uuid(),
        "network": described(
            json!({ "type": ["string", "null"] }),
            "The banned network, such as 203.0.113.0/24; null for the ban of a user.",
        ),
        "user_id": described(
            json!({ "type": ["string", "null"], "format": "uuid" }),
            "The banned user; null for the ban of a network.",
        ),
        "reason": described(
            json!({ "type": ["string", "null"], "examples": ["credential stuffing"] }),
            "Reason given by the operator.",
        ),
        "ends_at": described(
            json!({ "type": ["string", "null"], "format": "date-time" }),
            "Time at which the ban ends; null for a ban without an end.",
        ),
        "version": described(json!({ "type": "integer", "minimum": 1 }), "Version of the ban; it increases with each change."),
    });
    let key = json!({
        "key_id": described(json!({ "type": "string" }), "ID of the key: the `kid` of its tokens and in the key set."),
        "algorithm": { "type": "string", "enum": ["ES256", "EdDSA", "RS256"] },
        "compromised": described(
            json!({ "type": "boolean" }),
            "Whether the key was removed because it was compromised.",
        ),
        "version": described(
            json!({ "type": "integer", "minimum": 1, "maximum": 4 }),
            "Stage of the key: 1 generated, 2 active, 3 retired, 4 removed.",
        ),
    });
    with_metadata(json!({
        "Envelope": envelope(),
        "User": object("User", "The user after the change.", &user),
        "UserRoleChanged": object("UserRoleChanged", "The user after the change, and the previous role.", &changed_role),
        "UserInvited": object("UserInvited", "The user, which is unchanged, and the expiry of the mailed link.", &invited),
        "MailRequested": object("MailRequested", "The user, which is unchanged, and the expiry of the mailed link.", &mail),
        "UserEmailChangeRequested": object("UserEmailChangeRequested", "The user, which is not changed yet, and the requested email address.", &changing_email),
        "UserEmailChanged": object("UserEmailChanged", "The user after the change, and the previous email address.", &changed_email),
        "UserEmailChangeDisowned":
            object("UserEmailChangeDisowned", "The user, which is unchanged, and the disowned email address.", &disowned_email),
        "UserDeleted": object("UserDeleted", "The deleted user.", &json!({
            "email": email(),
            "version": user_version(),
        })),
        "Session": object("Session", "The session.", &session),
        "Ban": object("Ban", "The ban after the change; for a removed ban, its last state.", &ban),
        "Key": object("Key", "The signing key after the change.", &key),
        "SessionRevoked": object("SessionRevoked", "The session, and the reason why it was revoked.", &revoked),
    }))
}

fn envelope() -> Value {
    let mut envelope = object(
        "Envelope",
        "A CloudEvent 1.0.",
        &json!({
            "specversion": { "const": "1.0" },
            "id": uuid(),
            "source": { "type": "string", "format": "uri-reference" },
            "type": { "type": "string" },
            "subject": described(uuid(), "ID of the user that the event is about; for the ban of a network, the ID of the ban; for a signing key, a UUID that is derived from its ID."),
            "time": { "type": "string", "format": "date-time" },
            "datacontenttype": { "const": "application/json" },
            "data": {
                "type": "object",
                "properties": { "operator": described(
                    json!({ "type": "string" }),
                    "Operating system's user who caused the event on the command line; absent otherwise.",
                ) },
            },
        }),
    );
    // Added here because they are not required.
    envelope["properties"]["correlationid"] = described(
        json!({ "type": "string", "minLength": 1, "maxLength": 128 }),
        "ID of the request that caused the event (`X-Request-Id`), if a request did.",
    );
    envelope["properties"]["tracestate"] = described(
        json!({ "type": "string", "maxLength": 512 }),
        "What the systems of the trace say about it (W3C Trace Context), if the request had it.",
    );
    envelope["properties"]["traceparent"] = described(
        json!({ "type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$" }),
        "Trace context of the request that caused the event, if it had one (W3C Trace Context).",
    );
    envelope
}

/// Adds the metadata to each schema of a user. It is not required.
fn with_metadata(mut schemas: Value) -> Value {
    for schema in schemas.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if schema["properties"]["email_verified"].is_object() {
            for (name, about) in METADATA {
                schema["properties"][name] = described(json!({ "type": "object" }), about);
            }
        }
    }
    schemas
}

/// Returns the schema of an object that has at least these members, all required.
fn object(title: &str, description: &str, properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({
        "title": title,
        "type": "object",
        "description": description,
        "required": required,
        "properties": properties,
    })
}

fn email() -> Value {
    json!({ "type": "string", "format": "email" })
}

fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

fn role() -> Value {
    json!({ "type": "string", "enum": ["user", "admin"] })
}

fn user_version() -> Value {
    described(
        json!({ "type": "integer", "minimum": 1 }),
        "Version of the user; it increases with each change.",
    )
}

fn session_version() -> Value {
    described(
        json!({ "type": "integer", "minimum": 1 }),
        "Version of the session: 1 when it is opened, 2 when it is revoked.",
    )
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = json!(description);
    schema
}
