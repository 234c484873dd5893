use std::path::PathBuf;

use url::{Host, Url};

use super::application_url::parse_link;
use crate::config::read::Reader;
use crate::config::settings::{MailLinkSettings, MailSettings};
use crate::config::urls::MailUrl;

pub(super) fn read(read: &mut Reader<'_>, public_url: Option<&str>) -> Option<MailSettings> {
    let url = read.text("mail.url", MailUrl::parse);
    let from = read.text("mail.from", |text| match text {
        "" => Ok(no_reply(public_url)),
        text => from(text),
    });
    let templates = read.text("mail.templates", |text| Ok((!text.is_empty()).then(|| PathBuf::from(text))));
    let verify_email = read.text("mail.links.verify_email", parse_link);
    let reset_password = read.text("mail.links.reset_password", parse_link);
    let confirm_email = read.text("mail.links.confirm_email", parse_link);
    let invitation = read.text("mail.links.invitation", parse_link);
    let links = MailLinkSettings {
        verify_email: verify_email?,
        reset_password: reset_password?,
        confirm_email: confirm_email?,
        invitation: invitation?,
    };
    Some(MailSettings { url: url?, from: from?, templates: templates?, links })
}

fn from(text: &str) -> Result<String, String> {
    let refused = |why: &str| {
        let wanted = "expected an address such as no-reply@example.com or Example <no-reply@example.com>";
        Err(format!("invalid value {text:?}: {wanted}{why}"))
    };
    if text.chars().any(char::is_control) {
        return refused(" on one line");
    }
    match text.parse::<lettre::message::Mailbox>() {
        Ok(mailbox) if mailbox.email.to_string().is_ascii() => Ok(text.to_owned()),
        Ok(_) => refused(", in ASCII, which every mail server accepts (a domain in its xn-- form)"),
        Err(_) if text.contains([',', ';']) => refused(
            ": exactly one, and a name with a comma or semicolon in quotes, as in \"Example, Inc.\" <no-reply@example.com>",
        ),
        Err(_) => refused(""),
    }
}

/// A sender at an IP address receives no replies, so the default sender then names this machine.
fn no_reply(public_url: Option<&str>) -> String {
    let url = public_url.and_then(|url| Url::parse(url).ok());
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(host)) => format!("no-reply@{host}"),
        _ => "no-reply@localhost".to_owned(),
    }
}
