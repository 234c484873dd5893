use serde_json::{Value, json};

use crate::domain::{Ban, BanReason, BanTarget};

pub(in crate::cli) fn row(ban: &Ban) -> Value {
    let (network, user) = match ban.target {
        BanTarget::Network(network) => (Some(network.to_string()), None),
        BanTarget::User(user) => (None, Some(user.to_string())),
    };
    json!({
        "id": ban.id.to_string(),
        "network": network,
        "user_id": user,
        "reason": ban.reason.as_ref().map(BanReason::as_str),
        "created_at": ban.created_at.to_string(),
        "ends_at": ban.end.at().map(|at| at.to_string()),
    })
}
