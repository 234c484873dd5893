use serde_json::{Map, Value, json};

/// Each event type: its name, its summary, and the schema of its data.
const TYPES: [(&str, &str, &str); 20] = [
    ("svc.user.registered.v1", "An account was made.", "User"),
    ("svc.user.updated.v1", "The name changed.", "User"),
    ("svc.user.password_changed.v1", "The password changed.", "User"),
    ("svc.user.locked.v1", "The user may not log in any more.", "User"),
    ("svc.user.unlocked.v1", "The user may log in again.", "User"),
    ("svc.user.role_changed.v1", "The role changed.", "UserRoleChanged"),
    (
        "svc.user.verification_requested.v1",
        "The user is to be sent a mail to show that the address is theirs.",
        "MailRequested",
    ),
    ("svc.user.email_verified.v1", "The user showed that the address is theirs.", "User"),
    (
        "svc.user.password_reset_requested.v1",
        "The user is to be sent a mail to set a new password.",
        "MailRequested",
    ),
    (
        "svc.user.email_change_requested.v1",
        "The user is to be sent a mail to the address that is to become theirs.",
        "UserEmailChangeRequested",
    ),
    (
        "svc.user.email_changed.v1",
        "The address changed, to one that is known to be theirs.",
        "UserEmailChanged",
    ),
    (
        "svc.user.guessing_detected.v1",
        "Many wrong passwords were given for the account. The user is warned by mail.",
        "User",
    ),
    (
        "svc.user.disowned.v1",
        "The person who has the address says that the account is not theirs: its password was made unusable.",
        "User",
    ),
    (
        "svc.user.email_change_disowned.v1",
        "The person who has the new address says that the account is not theirs: the change was withdrawn.",
        "UserEmailChangeDisowned",
    ),
    ("svc.user.deleted.v1", "The account is gone.", "UserDeleted"),
    ("svc.session.started.v1", "A session began.", "Session"),
    ("svc.session.revoked.v1", "A session was ended by hand.", "SessionRevoked"),
    (
        "svc.session.reuse_detected.v1",
        "A refresh token was used a second time, and its session ended.",
        "Session",
    ),
    ("svc.ban.added.v1", "A network or an account was banned, or its ban has another reason or end.", "Ban"),
    ("svc.ban.removed.v1", "A ban was removed before its end.", "Ban"),
];

const INTRODUCTION: &str = "Every change of a user, a session or a ban, told at least once. Tell one event from another by its \
     `id`: the same one may come twice. Of the changes of one user, of one \
     session, or of one ban, the later one has the higher `data.version`. New members may \
     be added to `data`; a change that breaks readers is a new version of the type.";

/// Lists the names of all types, such as `svc.user.registered.v1`.
pub fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, ..)| *name)
}

/// Returns the AsyncAPI 3.0 document of all events.
#[must_use]
pub fn document() -> Value {
    let messages: Map<String, Value> = TYPES
        .iter()
        .map(|(name, summary, data)| ((*name).to_owned(), message(name, summary, data)))
        .collect();
    let references: Map<String, Value> = TYPES
        .iter()
        .map(|(name, ..)| ((*name).to_owned(), json!({ "$ref": format!("#/components/messages/{name}") })))
        .collect();
    json!({
        "asyncapi": "3.0.0",
        "info": { "title": "svc", "version": env!("CARGO_PKG_VERSION"), "description": INTRODUCTION },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "events": {
                "title": "Events of users, sessions and bans",
                "description": "One CloudEvent a message.",
                "messages": references,
            },
        },
        "operations": {
            "publish": { "action": "send", "channel": { "$ref": "#/channels/events" } },
        },
        "components": { "messages": messages, "schemas": schemas() },
    })
}

fn message(name: &str, summary: &str, data: &str) -> Value {
    json!({
        "name": name,
        "summary": summary,
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                { "$ref": "#/components/schemas/Envelope" },
                {
                    "type": "object",
                    "properties": {
                        "type": { "const": name },
                        "data": { "$ref": format!("#/components/schemas/{data}") },
                    },
                },
            ],
        },
    })
}

fn schemas() -> Value {
    let user = json!({
        "email": email(),
        "email_verified": { "type": "boolean" },
        "name": { "type": ["string", "null"] },
        "role": role(),
        "status": { "type": "string", "enum": ["active", "locked"] },
        "version": user_version(),
    });
    let mut changed_role = user.clone();
    changed_role["from"] = role();
    let mut mail = user.clone();
    mail["expires_at"] = described(
        json!({ "type": "string", "format": "date-time" }),
        "When what is mailed is of no use any more.",
    );
    let mut changing_email = mail.clone();
    changing_email["new_email"] =
        described(email(), "Where the mail goes. It may be somebody else's address.");
    changing_email["notice"] = described(
        json!({ "type": "boolean" }),
        "Whether the address so far is told by mail, which it is once a minute at most.",
    );
    let mut disowned_email = user.clone();
    disowned_email["new_email"] = email();
    let mut changed_email = user.clone();
    changed_email["from"] = email();
    let session = json!({ "session_id": uuid(), "version": session_version() });
    let mut revoked = session.clone();
    revoked["reason"] =
        json!({ "type": "string", "description": "Why, in one word; there may be new ones." });
    let ban = json!({
        "ban_id": uuid(),
        "network": described(
            json!({ "type": ["string", "null"] }),
            "The addresses that are banned, such as 203.0.113.0/24; null when it is an account.",
        ),
        "user_id": described(
            json!({ "type": ["string", "null"], "format": "uuid" }),
            "The user whose account is banned; null when it is a network.",
        ),
        "reason": described(json!({ "type": ["string", "null"] }), "Why, in the words of the operator."),
        "ends_at": described(
            json!({ "type": ["string", "null"], "format": "date-time" }),
            "When the ban ends by itself; null when it does not.",
        ),
        "version": described(json!({ "type": "integer", "minimum": 1 }), "Of the ban; a later one is higher."),
    });
    let mut envelope = object(
        "A CloudEvent 1.0.",
        &json!({
            "specversion": { "const": "1.0" },
            "id": uuid(),
            "source": { "type": "string", "format": "uri-reference" },
            "type": { "type": "string" },
            "subject": described(uuid(), "The user whom it happened to; of the ban of a network, the id of the ban."),
            "time": { "type": "string", "format": "date-time" },
            "datacontenttype": { "const": "application/json" },
            "data": { "type": "object" },
        }),
    );
    // Added here because it is not required.
    envelope["properties"]["traceparent"] = described(
        json!({ "type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$" }),
        "The place in a trace that caused it, when the request named one (W3C Trace Context).",
    );
    json!({
        "Envelope": envelope,
        "User": object("The user after the change.", &user),
        "UserRoleChanged": object("The user after the change, and the role before.", &changed_role),
        "MailRequested": object("The user, whom this does not change, and how long the mail is of use.", &mail),
        "UserEmailChangeRequested": object("The user, whom this does not change yet.", &changing_email),
        "UserEmailChanged": object("The user after the change, and the address before.", &changed_email),
        "UserEmailChangeDisowned":
            object("The user, whom this does not change, and the address that is not theirs.", &disowned_email),
        "UserDeleted": object("What the user was called.", &json!({
            "email": email(),
            "version": user_version(),
        })),
        "Session": object("The session.", &session),
        "Ban": object("The ban after the change; of one that was removed, as it was.", &ban),
        "SessionRevoked": object("The session, and why it was ended.", &revoked),
    })
}

/// Returns the schema of an object that has at least these members, all required.
fn object(description: &str, properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({ "type": "object", "description": description, "required": required, "properties": properties })
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
    described(json!({ "type": "integer", "minimum": 1 }), "Of the user; a later one is higher.")
}

fn session_version() -> Value {
    described(
        json!({ "type": "integer", "minimum": 1 }),
        "Of the session: 1 when it began, 2 once it was ended.",
    )
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = json!(description);
    schema
}
