use uuid::Uuid;

use crate::domain::{DisplayName, Email, Timestamp};
use crate::ports::{Letter, LetterLink, LetterSubject};

/// One letter of each kind, with a name and without.
pub(super) fn all() -> Result<Vec<Letter>, String> {
    let email = |text| Email::parse(text).map_err(|error| error.to_string());
    let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000).map_err(|error| error.to_string());
    let (ada, new_email) = (email("ada@example.com")?, email("ada@example.org")?);
    let name = DisplayName::parse("Ada").map_err(|error| error.to_string())?;
    let (sent, expires_at) = (at(1_795_000_000)?, at(1_795_086_400)?);
    let link = LetterLink { token: "svcm_an-example-and-no-token".into(), expires_at };
    let subjects = [
        LetterSubject::VerifyEmail(link.clone()),
        LetterSubject::ResetPassword(link.clone()),
        LetterSubject::ConfirmEmail(link),
        LetterSubject::EmailChangeRequested { new_email: new_email.clone() },
        LetterSubject::EmailChanged { new_email },
        LetterSubject::PasswordChanged,
        LetterSubject::GuessingDetected,
        LetterSubject::SessionReuseDetected,
    ];
    let letter = |subject: &LetterSubject, name: &Option<DisplayName>| Letter {
        event_id: Uuid::nil(),
        at: sent,
        to: ada.clone(),
        name: name.clone(),
        subject: subject.clone(),
    };
    let names = [Some(name), None];
    Ok(subjects.iter().flat_map(|subject| names.iter().map(move |name| letter(subject, name))).collect())
}
