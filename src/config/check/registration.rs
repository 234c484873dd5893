use crate::config::read::Reader;
use crate::config::settings::RegistrationSettings;

pub(super) fn read(read: &mut Reader<'_>) -> Option<RegistrationSettings> {
    let mode = read.word("registration.mode");
    let reveal_existing = read.truth("registration.reveal_existing");
    Some(RegistrationSettings { mode: mode?, reveal_existing: reveal_existing? })
}
