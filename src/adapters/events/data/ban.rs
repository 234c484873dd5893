use serde_json::json;

use super::event_data::event_data;
use super::schema::{described, uuid};
use crate::domain::{BanReason, BanTarget};

event_data! {
    Ban = "Ban", "The ban after the change; for a removed ban, its last state.", |ban| {
        "ban_id": ban.id.to_string(), uuid();
        "network":
            match ban.target {
                BanTarget::Network(network) => Some(network.to_string()),
                BanTarget::User(_) => None,
            },
            described(
                json!({ "type": ["string", "null"] }),
                "The banned network, such as 203.0.113.0/24; null for the ban of a user.",
            );
        "user_id":
            match ban.target {
                BanTarget::User(user) => Some(user.to_string()),
                BanTarget::Network(_) => None,
            },
            described(
                json!({ "type": ["string", "null"], "format": "uuid" }),
                "The banned user; null for the ban of a network.",
            );
        "reason":
            ban.reason.as_ref().map(BanReason::as_str),
            described(
                json!({ "type": ["string", "null"], "examples": ["credential stuffing"] }),
                "Reason given by the operator.",
            );
        "ends_at":
            ban.end.at().map(|at| at.to_string()),
            described(
                json!({ "type": ["string", "null"], "format": "date-time" }),
                "Time at which the ban ends; null for a ban without an end.",
            );
        "version":
            ban.version,
            described(
                json!({ "type": "integer", "minimum": 1 }),
                "Version of the ban; it increases with each change.",
            );
    }
}
