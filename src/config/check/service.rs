use std::path::PathBuf;

use crate::config::read::Reader;
use crate::config::settings::ServiceSettings;
use crate::domain::{Locale, OneLine as _, ServiceName};

pub(super) fn read(read: &mut Reader<'_>) -> Option<ServiceSettings> {
    let name = read.text("service.name", |text| match text.trim() {
        "" => Ok(None),
        name => match ServiceName::parse(name) {
            Ok(name) => Ok(Some(name.to_string())),
            Err(error) => Err(format!("invalid value: {error}")),
        },
    });
    let logo = read.text("service.logo", |text| Ok((!text.is_empty()).then(|| PathBuf::from(text))));
    let language = read.text("service.language", |text| {
        Locale::parse(text).map_err(|error| format!("invalid value {text:?}: {error}"))
    });
    Some(ServiceSettings { name: name?, logo: logo?, language: language? })
}
