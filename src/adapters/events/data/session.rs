//! The data of events about sessions.

use serde_json::{Value, json};

use super::schema::{described, object, uuid};
use crate::domain::{RevocationReason, SessionId, SessionSnapshot};

pub(super) fn data(id: SessionId, version: i64) -> Value {
    json!({ "session_id": id.to_string(), "version": version })
}

pub(super) fn revoked_data(id: SessionId, reason: RevocationReason) -> Value {
    let mut data = data(id, SessionSnapshot::ENDED);
    data["reason"] = json!(reason.as_str());
    data
}

/// The schemas.
pub(super) fn schemas() -> Value {
    let session = json!({ "session_id": uuid(), "version": version() });
    let mut revoked = session.clone();
    revoked["reason"] =
        json!({ "type": "string", "description": "Reason, as one word. New words may be added." });
    json!({
        "Session": object("Session", "The session.", &session),
        "SessionRevoked": object("SessionRevoked", "The session, and the reason why it was revoked.", &revoked),
    })
}

fn version() -> Value {
    described(
        json!({ "type": "integer", "minimum": 1 }),
        "Version of the session: 1 when it is opened, 2 when it is revoked.",
    )
}
