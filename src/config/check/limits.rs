use super::MILLISECOND;
use crate::config::read::Reader;
use crate::config::settings::LimitSettings;
use crate::domain::{Budgets, NotABudget};

pub(super) fn read(read: &mut Reader<'_>) -> Option<LimitSettings> {
    let body_bytes = read.number("limits.body_bytes", 1024..=64 * 1024 * 1024);
    let header_timeout = read.duration("limits.header_timeout", MILLISECOND);
    let request_timeout = read.duration("limits.request_timeout", MILLISECOND);
    let connections = read.number("limits.connections", 1..=1_000_000);
    let enabled = read.truth("limits.enabled");
    let budgets = Budgets::read(|name| {
        read.text(&format!("limits.budgets.{name}"), |text| {
            text.parse().map_err(|not: NotABudget| format!("is {text:?}; {not}"))
        })
    });
    Some(LimitSettings {
        body_bytes: body_bytes?,
        header_timeout: header_timeout?,
        request_timeout: request_timeout?,
        connections: connections?,
        budgets: enabled?.then_some(budgets?),
    })
}
