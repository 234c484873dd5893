use std::path::PathBuf;

use crate::config::read::Reader;
use crate::config::settings::ServiceSettings;
use crate::domain::Locale;

/// The longest name, in characters. It is in the subject of mails.
const LONGEST: usize = 60;

pub(super) fn read(read: &mut Reader<'_>) -> Option<ServiceSettings> {
    let name = read.text("service.name", |text| match text.trim() {
        "" => Ok(None),
        name if name.chars().any(char::is_control) || name.chars().count() > LONGEST => {
            Err(format!("invalid value: expected one line of at most {LONGEST} characters"))
        }
        name => Ok(Some(name.to_owned())),
    });
    let logo = read.text("service.logo", |text| Ok((!text.is_empty()).then(|| PathBuf::from(text))));
    let language = read.text("service.language", |text| {
        Locale::parse(text).map_err(|error| format!("invalid value {text:?}: {error}"))
    });
    Some(ServiceSettings { name: name?, logo: logo?, language: language? })
}
