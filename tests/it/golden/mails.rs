use std::fmt::Write;

use svc::adapters::mail::templates::{JinjaMailTemplates, LinkTargets, MailTextSettings};
use svc::domain::{DisplayName, Locale, OneLine};
use svc::ports::{MailDraft, MailLink, MailTemplates, MailTopic};

use super::check;
use crate::support::given;

#[test]
fn mail_of_each_kind() {
    let texts = MailTextSettings {
        public_url: "https://auth.example.com".to_owned(),
        service: None,
        language: Locale::parse("en").unwrap(),
        links: LinkTargets::default(),
    };
    let templates = JinjaMailTemplates::new(texts, None).unwrap();
    let token = "svcm_THE-TOKEN".into();
    let link = MailLink { token, expires_at: given::at(3_600_000_000) };
    let new_email = given::email("ada@example.org");
    let named = Some(DisplayName::parse("Ada & Co. <x>").unwrap());
    let subjects = [
        (MailTopic::VerifyEmail(link.clone()), None),
        (MailTopic::ResetPassword(link.clone()), named.clone()),
        (MailTopic::ConfirmEmail(link), None),
        (MailTopic::EmailChangeRequested { new_email: new_email.clone() }, named.clone()),
        (MailTopic::EmailChanged { new_email }, named.clone()),
        (MailTopic::PasswordChanged, named.clone()),
        (MailTopic::GuessingDetected, named.clone()),
        (MailTopic::RegistrationRepeated, named.clone()),
        (MailTopic::SessionReuseDetected, named),
    ];
    let mut all = String::new();
    for language in ["en", "de"] {
        for (subject, name) in subjects.clone() {
            let (event_id, at, to) =
                (uuid::Uuid::from_u128(7), given::at(0), given::email("ada@example.com"));
            let locales = vec![Locale::parse(language).unwrap()];
            let mail = templates.write(&MailDraft { event_id, at, to, name, locales, subject }).unwrap();
            let (id, subject, text) = (&mail.message_id, &mail.subject, &mail.text);
            // The style is the same in all.
            let html = mail.html.split_once("</style>").unwrap().1;
            writeln!(all, "==== {language} {id}\nSubject: {subject}\n\n{text}\n----\n{html}\n").unwrap();
        }
    }
    check("mails.txt", &all);
}
