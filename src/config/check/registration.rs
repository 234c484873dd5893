use crate::config::read::Reader;
use crate::config::settings::RegistrationSettings;
use crate::domain::RegistrationMode;

pub(super) fn read(read: &mut Reader<'_>) -> Option<RegistrationSettings> {
    let modes = [RegistrationMode::Open, RegistrationMode::Invite, RegistrationMode::Closed];
    let mode = read.word("registration.mode", &modes.map(|mode| (mode.as_str(), mode)));
    let reveal_existing = read.truth("registration.reveal_existing");
    Some(RegistrationSettings { mode: mode?, reveal_existing: reveal_existing? })
}
