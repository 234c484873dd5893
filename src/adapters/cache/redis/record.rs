//! The values that are kept in Redis, as JSON.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    DisplayName, Email, Locale, Metadata, SessionId, SessionSnapshot, Timestamp, User, UserId,
};

/// A value that is cached by its id.
pub(in crate::adapters) trait Record: Sized {
    /// The kind of the value, and the number of its JSON's shape. Another shape is another kind, so that
    /// releases that run side by side never read each other's values.
    const KIND: &'static str;

    fn id(&self) -> Uuid;

    fn version(&self) -> i64;

    fn to_json(&self) -> String;

    /// Returns `None` for JSON of another shape.
    fn from_json(json: &str) -> Option<Self>;
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserRecord {
    id: Uuid,
    email: String,
    email_key: String,
    email_verified: bool,
    name: Option<String>,
    locale: Option<String>,
    role: String,
    status: String,
    /// Absent if it is empty, as that of most users is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    app_metadata: Option<String>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

impl Record for User {
    const KIND: &'static str = "user:2";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn to_json(&self) -> String {
        let text = |metadata: &Metadata| (!metadata.is_empty()).then(|| metadata.as_str().to_owned());
        to_json(&UserRecord {
            id: self.id.0,
            email: self.email.as_str().to_owned(),
            email_key: self.email.key().to_owned(),
            email_verified: self.email_verified,
            name: self.name.as_ref().map(|name| name.as_str().to_owned()),
            locale: self.locale.as_ref().map(|locale| locale.as_str().to_owned()),
            role: self.role.as_str().to_owned(),
            status: self.status.as_str().to_owned(),
            metadata: text(&self.metadata),
            app_metadata: text(&self.app_metadata),
            version: self.version,
            created_at: self.created_at.as_micros(),
            updated_at: self.updated_at.as_micros(),
        })
    }

    fn from_json(json: &str) -> Option<Self> {
        let record: UserRecord = serde_json::from_str(json).ok()?;
        let metadata = |text: Option<String>| Metadata::stored(text.as_deref().unwrap_or("{}"));
        Some(Self {
            id: UserId(record.id),
            email: Email::stored(record.email, record.email_key),
            email_verified: record.email_verified,
            name: record.name.map(DisplayName::stored),
            locale: record.locale.map(Locale::stored),
            role: record.role.parse().ok()?,
            status: record.status.parse().ok()?,
            metadata: metadata(record.metadata)?,
            app_metadata: metadata(record.app_metadata)?,
            version: record.version,
            created_at: Timestamp::from_micros(record.created_at).ok()?,
            updated_at: Timestamp::from_micros(record.updated_at).ok()?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionRecord {
    id: Uuid,
    user_id: Uuid,
    expires_at: i64,
    revoked: bool,
}

impl Record for SessionSnapshot {
    const KIND: &'static str = "session:2";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn version(&self) -> i64 {
        self.version()
    }

    fn to_json(&self) -> String {
        to_json(&SessionRecord {
            id: self.id.0,
            user_id: self.user_id.0,
            expires_at: self.expires_at.as_micros(),
            revoked: self.revoked,
        })
    }

    fn from_json(json: &str) -> Option<Self> {
        let record: SessionRecord = serde_json::from_str(json).ok()?;
        Some(Self {
            id: SessionId(record.id),
            user_id: UserId(record.user_id),
            expires_at: Timestamp::from_micros(record.expires_at).ok()?,
            revoked: record.revoked,
        })
    }
}

fn to_json(record: &impl Serialize) -> String {
    let Ok(json) = serde_json::to_string(record) else {
        unreachable!("texts, numbers and truth values always have their JSON")
    };
    json
}
