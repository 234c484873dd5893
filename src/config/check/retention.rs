use std::time::Duration;

use crate::config::read::Reader;
use crate::config::settings::RetentionSettings;

/// All readers of the outbox have read older events.
const SHORTEST_EVENTS: Duration = Duration::from_hours(24);

pub(super) fn read(read: &mut Reader<'_>) -> Option<RetentionSettings> {
    let events = read.duration("retention.events", SHORTEST_EVENTS);
    let sessions = read.duration("retention.sessions", Duration::ZERO);
    let audit = read.duration("retention.audit", Duration::ZERO);
    let audit = audit.map(|kept| Some(kept).filter(|kept| !kept.is_zero()));
    Some(RetentionSettings { events: events?, sessions: sessions?, audit: audit? })
}
