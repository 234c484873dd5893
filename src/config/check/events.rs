use crate::config::read::Reader;
use crate::config::settings::EventSettings;

pub(super) fn read(read: &mut Reader<'_>) -> Option<EventSettings> {
    Some(EventSettings { include_metadata: read.truth("events.include_metadata")? })
}
