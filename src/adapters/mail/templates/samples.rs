use uuid::Uuid;

use crate::domain::{DisplayName, Email, OneLine, Timestamp};
use crate::ports::{MailDraft, MailLink, MailTopic};

/// Returns one letter of each kind, with a name and without.
pub(super) fn all() -> Result<Vec<MailDraft>, String> {
    let email = |text| Email::parse(text).map_err(|error| error.to_string());
    let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000).map_err(|error| error.to_string());
    let (ada, new_email) = (email("ada@example.com")?, email("ada@example.org")?);
    let name = DisplayName::parse("Ada").map_err(|error| error.to_string())?;
    let (sent, expires_at) = (at(1_795_000_000)?, at(1_795_086_400)?);
    let link = MailLink { token: "svcm_an-example-and-no-token".into(), expires_at };
    let subjects = [
        MailTopic::VerifyEmail(link.clone()),
        MailTopic::ResetPassword(link.clone()),
        MailTopic::ConfirmEmail(link.clone()),
        MailTopic::Invitation(link),
        MailTopic::EmailChangeRequested { new_email: new_email.clone() },
        MailTopic::EmailChanged { new_email },
        MailTopic::PasswordChanged,
        MailTopic::GuessingDetected,
        MailTopic::RegistrationRepeated,
        MailTopic::SessionReuseDetected,
    ];
    let letter = |subject: &MailTopic, name: &Option<DisplayName>| MailDraft {
        event_id: Uuid::nil(),
        at: sent,
        to: ada.clone(),
        name: name.clone(),
        locales: Vec::new(),
        subject: subject.clone(),
    };
    let names = [Some(name), None];
    Ok(subjects.iter().flat_map(|subject| names.iter().map(move |name| letter(subject, name))).collect())
}
