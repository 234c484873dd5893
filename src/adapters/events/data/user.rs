//! The data of events about users.

use serde_json::{Map, Value, json};

use super::schema::{described, email, object};
use crate::domain::{DisplayName, Locale, Timestamp, User};

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

/// The members of a user, without the metadata.
pub(super) fn data(user: &User) -> Value {
    json!({
        "email": user.email.as_str(),
        "email_verified": user.email_verified,
        "name": user.name.as_ref().map(DisplayName::as_str),
        "locale": user.locale.as_ref().map(Locale::as_str),
        "role": user.role.as_str(),
        "status": user.status.as_str(),
        "version": user.version,
    })
}

/// A user with one more member.
pub(super) fn data_with(user: &User, name: &str, value: Value) -> Value {
    let mut data = data(user);
    data[name] = value;
    data
}

/// A user, and the mail that was requested.
pub(super) fn mail_data(user: &User, expires_at: Timestamp, language: Option<&Locale>) -> Value {
    let mut data = data_with(user, "expires_at", json!(expires_at.to_string()));
    data["language"] = json!(language.map(Locale::as_str));
    data
}

/// The schemas.
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
        "version": version(),
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
    with_metadata(json!({
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
            "version": version(),
        })),
    }))
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

fn role() -> Value {
    json!({ "type": "string", "enum": ["user", "admin"] })
}

fn version() -> Value {
    described(
        json!({ "type": "integer", "minimum": 1 }),
        "Version of the user; it increases with each change.",
    )
}
