use std::fmt::Write;

use svc::adapters::mail::templates::JinjaMailTemplates;
use svc::domain::{DisplayName, OneLine};
use svc::ports::{MailDraft, MailLink, MailTemplates, MailTopic};

use super::check;
use crate::support::given;

#[test]
fn mail_of_each_kind() {
    let templates = JinjaMailTemplates::new("https://auth.example.com", None).unwrap();
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
        (MailTopic::SessionReuseDetected, named),
    ];
    let mut all = String::new();
    for (subject, name) in subjects {
        let (event_id, at, to) = (uuid::Uuid::from_u128(7), given::at(0), given::email("ada@example.com"));
        let mail = templates.write(&MailDraft { event_id, at, to, name, subject }).unwrap();
        let (id, subject, text, html) = (&mail.message_id, &mail.subject, &mail.text, &mail.html);
        writeln!(all, "==== {id}\nSubject: {subject}\n\n{text}\n----\n{html}\n").unwrap();
    }
    check("mails.txt", &all);
}
