use std::fmt::Write;

use svc::adapters::mail::templates::MailTemplates;
use svc::domain::DisplayName;
use svc::ports::{Letter, LetterLink, LetterSubject, Letters};

use super::check;
use crate::support::given;

#[test]
fn mail_of_each_kind() {
    let templates = MailTemplates::new("https://auth.example.com", None).unwrap();
    let token = "svcm_THE-TOKEN".into();
    let link = LetterLink { token, expires_at: given::at(3_600_000_000) };
    let new_email = given::email("ada@example.org");
    let named = Some(DisplayName::parse("Ada & Co. <x>").unwrap());
    let subjects = [
        (LetterSubject::VerifyEmail(link.clone()), None),
        (LetterSubject::ResetPassword(link.clone()), named.clone()),
        (LetterSubject::ConfirmEmail(link), None),
        (LetterSubject::EmailChangeRequested { new_email: new_email.clone() }, named.clone()),
        (LetterSubject::EmailChanged { new_email }, named.clone()),
        (LetterSubject::PasswordChanged, named.clone()),
        (LetterSubject::SessionReuseDetected, named),
    ];
    let mut all = String::new();
    for (subject, name) in subjects {
        let (event_id, at, to) = (uuid::Uuid::from_u128(7), given::at(0), given::email("ada@example.com"));
        let mail = templates.write(&Letter { event_id, at, to, name, subject }).unwrap();
        let (id, subject, text, html) = (&mail.message_id, &mail.subject, &mail.text, &mail.html);
        writeln!(all, "==== {id}\nSubject: {subject}\n\n{text}\n----\n{html}\n").unwrap();
    }
    check("mails.txt", &all);
}
