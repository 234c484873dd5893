//! Where people are led: by the links in mails, and by the pages behind them.

use url::Url;

use super::facts::Facts;
use crate::config::settings::MailLinkSettings;
use crate::config::urls::is_loopback;

/// A page under development is on the machine of its developer, and nowhere else.
fn here(url: Option<&str>) -> Option<String> {
    let url = url?;
    let is_here = Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(is_loopback));
    is_here.then(|| format!("{url:?} is on the machine of the person who opens it"))
}

fn mailed<'a>(facts: &'a Facts<'_>) -> Option<&'a MailLinkSettings> {
    facts.draft.mail.as_ref().map(|mail| &mail.links)
}

pub(super) fn verify_email(facts: &Facts<'_>) -> Option<String> {
    here(mailed(facts)?.verify_email.as_deref())
}

pub(super) fn reset_password(facts: &Facts<'_>) -> Option<String> {
    here(mailed(facts)?.reset_password.as_deref())
}

pub(super) fn confirm_email(facts: &Facts<'_>) -> Option<String> {
    here(mailed(facts)?.confirm_email.as_deref())
}

pub(super) fn invitation(facts: &Facts<'_>) -> Option<String> {
    here(mailed(facts)?.invitation.as_deref())
}

pub(super) fn return_url(facts: &Facts<'_>) -> Option<String> {
    here(facts.draft.account.as_ref()?.return_url.as_deref())
}
