use serde_json::{Value, json};

use super::event_data::event_data;
use super::schema::{described, uuid};
use crate::domain::{EndedSession, RevokedSession, SessionSnapshot};

event_data! {
    SessionId = "Session", "The session.", |id| {
        "session_id": id.to_string(), uuid();
        "version": SessionSnapshot::LIVE, version();
    }
}

event_data! {
    EndedSession = "Session", "The session.", |EndedSession(id)| {
        "session_id": id.to_string(), uuid();
        "version": SessionSnapshot::ENDED, version();
    }
}

event_data! {
    RevokedSession = "SessionRevoked", "The session, and the reason why it was revoked.", |RevokedSession(id, reason)| {
        "session_id": id.to_string(), uuid();
        "version": SessionSnapshot::ENDED, version();
        "reason":
            reason.as_str(),
            described(json!({ "type": "string" }), "Reason, as one word. New words may be added.");
    }
}

fn version() -> Value {
    described(
        json!({ "type": "integer", "minimum": 1 }),
        "Version of the session: 1 when it is opened, 2 when it is revoked.",
    )
}
