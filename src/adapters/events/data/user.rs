use serde_json::{Value, json};

use super::event_data::{EventData, event_data};
use super::schema::{described, email};
use crate::domain::{DisplayName, Locale, User};

impl EventData for User {
    const SCHEMA: &'static str = "User";
    const ABOUT: &'static str = "The user after the change.";

    /// Without the metadata, which only some installations want in events.
    fn json(&self) -> Value {
        json!({
            "email": self.email.as_str(),
            "email_verified": self.email_verified,
            "name": self.name.as_ref().map(DisplayName::as_str),
            "locale": self.locale.as_ref().map(Locale::as_str),
            "role": self.role.as_str(),
            "status": self.status.as_str(),
            "version": self.version,
        })
    }

    fn properties() -> Value {
        json!({
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
        })
    }

    fn user(&self) -> Option<&User> {
        Some(self)
    }
}

/// Implements [`EventData`] for a user with more members, in the form of `event_data!`.
macro_rules! with_user {
    ($data:ident = $schema:literal, $about:literal, |$value:ident| {
        $($member:literal: $json:expr, $property:expr;)+
    }) => {
        impl EventData for crate::domain::$data {
            const SCHEMA: &'static str = $schema;
            const ABOUT: &'static str = $about;

            fn json(&self) -> Value {
                let $value = self;
                let mut json = self.user.json();
                $(json[$member] = json!($json);)+
                json
            }

            fn properties() -> Value {
                let mut properties = User::properties();
                $(properties[$member] = $property;)+
                properties
            }

            fn user(&self) -> Option<&User> {
                Some(&self.user)
            }
        }
    };
}

with_user! {
    RoleChange = "UserRoleChanged", "The user after the change, and the previous role.", |change| {
        "from": change.from.as_str(), role();
    }
}

with_user! {
    SentInvitation = "UserInvited", "The user, which is unchanged, and the expiry of the mailed link.", |sent| {
        "expires_at": sent.expires_at.to_string(), expiry();
    }
}

with_user! {
    RequestedMail = "MailRequested", "The user, which is unchanged, and the expiry of the mailed link.", |mail| {
        "expires_at": mail.expires_at.to_string(), expiry();
        "language": mail.language.as_ref().map(Locale::as_str), language();
    }
}

with_user! {
    RequestedEmailChange = "UserEmailChangeRequested",
    "The user, which is not changed yet, and the requested email address.", |change| {
        "expires_at": change.expires_at.to_string(), expiry();
        "language": change.language.as_ref().map(Locale::as_str), language();
        "new_email":
            change.new_email.as_str(),
            described(email(), "Recipient of the mail. The address may belong to another person.");
        "notice":
            change.notice,
            described(
                json!({ "type": "boolean" }),
                "Whether the current email address is notified, at most once a minute.",
            );
    }
}

with_user! {
    EmailChange = "UserEmailChanged", "The user after the change, and the previous email address.", |change| {
        "from": change.from.as_str(), email();
    }
}

with_user! {
    DisownedEmail = "UserEmailChangeDisowned",
    "The user, which is unchanged, and the disowned email address.", |disowned| {
        "new_email": disowned.new_email.as_str(), email();
    }
}

event_data! {
    DeletedUser = "UserDeleted", "The deleted user.", |user| {
        "email": user.email.as_str(), email();
        "version": user.version, version();
    }
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

fn expiry() -> Value {
    described(json!({ "type": "string", "format": "date-time" }), "Time at which the mailed link expires.")
}

fn language() -> Value {
    described(
        json!({ "type": ["string", "null"] }),
        "Language of mails that the client of the request prefers (BCP 47); the mail is in it if `locale` is null.",
    )
}
