//! The data of events about bans.

use serde_json::{Value, json};

use super::schema::{described, object, uuid};
use crate::domain::{Ban, BanReason, BanTarget};

pub(super) fn data(ban: &Ban) -> Value {
    let (network, user) = match ban.target {
        BanTarget::Network(network) => (Some(network.to_string()), None),
        BanTarget::User(user) => (None, Some(user.to_string())),
    };
    json!({
        "ban_id": ban.id.to_string(),
        "network": network,
        "user_id": user,
        "reason": ban.reason.as_ref().map(BanReason::as_str),
        "ends_at": ban.end.at().map(|at| at.to_string()),
        "version": ban.version,
    })
}

/// The schemas.
pub(super) fn schemas() -> Value {
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
    json!({
        "Ban": object("Ban", "The ban after the change; for a removed ban, its last state.", &ban),
    })
}
