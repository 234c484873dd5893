use crate::config::read::MILLISECOND;
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
            text.parse().map_err(|not: NotABudget| format!("invalid value {text:?}: {not}"))
        })
    });
    let memory = read.text("limits.memory", |text| {
        size(text).ok_or_else(|| {
            format!(
                "invalid value {text:?}: expected a whole number and a unit, such as \"256MiB\" or \"1GiB\""
            )
        })
    });
    Some(LimitSettings {
        body_bytes: body_bytes?,
        header_timeout: header_timeout?,
        request_timeout: request_timeout?,
        connections: connections?,
        budgets: enabled?.then_some(budgets?),
        memory: memory?,
    })
}

/// Parses a size with its unit.
fn size(text: &str) -> Option<u64> {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1_u64 << 30)];
    let sizes = units.into_iter().filter_map(|(unit, bytes)| {
        let number = text.strip_suffix(unit)?.trim_end();
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| number.parse::<u64>().ok()?.checked_mul(bytes))?
    });
    sizes.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_unit() {
        for (text, bytes) in [("256MiB", 256 << 20), ("1 GiB", 1 << 30), ("8192KiB", 8 << 20)] {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for text in [
            "",
            "256",
            "256MB",
            "MiB",
            "-1MiB",
            "+1MiB",
            "1.5GiB",
            "99999999999999999999KiB",
            "18446744073709551615GiB",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
