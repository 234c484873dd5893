use std::path::PathBuf;

use super::application_url;
use crate::config::read::Reader;
use crate::config::settings::AccountSettings;

pub(super) fn read(read: &mut Reader<'_>) -> Option<AccountSettings> {
    let return_url = read.text("account.return_url", application_url::parse);
    let templates =
        read.text("account.templates", |text| Ok((!text.is_empty()).then(|| PathBuf::from(text))));
    Some(AccountSettings { return_url: return_url?, templates: templates? })
}
