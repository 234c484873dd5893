//! The texts of mails, from templates.
//!
//! **Here**: [`JinjaMailTemplates`], and where templates come from (`source`): a folder of the operator, and
//! the embedded templates of `config/mail/`.
//!
//! **May use**: `ports`, `domain` and minijinja.
//!
//! **To add a mail**: a variant of [`MailTopic`], its three files in `config/mail/`, a line in `source`,
//! and an example in `samples`, with which every template is rendered at the start.

mod samples;
mod source;

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use secrecy::ExposeSecret;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use url::Url;

use crate::domain::{DisplayName, Email, Timestamp};
use crate::ports::{Mail, MailDraft, MailLink, MailTemplateError, MailTemplates, MailTopic};

const MOMENT: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");

/// Renders mails from templates. Links go to the public URL and nowhere else.
pub struct JinjaMailTemplates {
    environment: Environment<'static>,
    public_url: String,
    /// The host of the public URL: the right side of a Message-ID, and the name of the service in the texts.
    host: String,
}

impl JinjaMailTemplates {
    /// Loads the templates of a folder, and the embedded ones for the rest. Renders each with an example, so
    /// that an error shows at the start and not with the mail of a user. The error names file and line.
    pub fn new(public_url: &str, folder: Option<&Path>) -> Result<Self, String> {
        let sources = source::load(folder)?;
        let mut environment = Environment::new();
        // A misspelled name is an error, not an empty string.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let place = |name: &str| source::place(folder, name);
        for (name, text) in sources {
            let added = environment.add_template_owned(name.clone(), text);
            added.map_err(|error| reported(&error, &name, &place))?;
        }
        let host = Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let (public_url, host) = (public_url.to_owned(), host.unwrap_or_else(|| "localhost".to_owned()));
        let templates = Self { environment, public_url, host };
        for letter in samples::all()? {
            let parts = templates.render(&letter).map_err(|(error, name)| reported(&error, &name, &place))?;
            Self::has_its_link(&letter, &parts).map_err(|name| {
                let wanted = "the template has no link: add {{ link }}";
                format!("{}: {wanted}", place(&name))
            })?;
        }
        Ok(templates)
    }

    /// Returns the name of the service in the texts: the host of the public URL.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Renders the subject, the text and the HTML.
    fn render(&self, letter: &MailDraft) -> Result<[String; 3], (Error, String)> {
        let values = self.values(letter);
        let part = |part: &str| {
            let name = format!("{}.{part}", letter.subject.template());
            let rendered = self.environment.get_template(&name).and_then(|template| template.render(&values));
            rendered.map_err(|error| (error, name))
        };
        let subject = part("subject")?.split_whitespace().collect::<Vec<_>>().join(" ");
        if subject.is_empty() {
            let error = Error::new(ErrorKind::InvalidOperation, "the subject is empty");
            return Err((error, format!("{}.subject", letter.subject.template())));
        }
        Ok([subject, part("txt")?, part("html")?])
    }

    /// Checks that the text and the HTML both contain the link, because some people see only one of them. The
    /// error names the part without it.
    fn has_its_link(letter: &MailDraft, [_, text, html]: &[String; 3]) -> Result<(), String> {
        let (MailTopic::VerifyEmail(link) | MailTopic::ResetPassword(link) | MailTopic::ConfirmEmail(link)) =
            &letter.subject
        else {
            return Ok(());
        };
        for (part, rendered) in [("txt", text), ("html", html)] {
            // Escaping in HTML does not change the token.
            if !rendered.contains(link.token.expose_secret()) {
                return Err(format!("{}.{part}", letter.subject.template()));
            }
        }
        Ok(())
    }

    fn values(&self, letter: &MailDraft) -> BTreeMap<&'static str, Value> {
        let mut values = BTreeMap::from([
            ("public_url", Value::from(self.public_url.as_str())),
            ("service", Value::from(self.host.as_str())),
            ("email", Value::from(letter.to.as_str())),
            ("name", Value::from(letter.name.as_ref().map(DisplayName::as_str))),
            ("at", Value::from(moment(letter.at))),
        ]);
        let link = |page: &str, link: &MailLink| {
            let text = format!("{}/account/{page}#token={}", self.public_url, link.token.expose_secret());
            [("link", Value::from(text)), ("expires", Value::from(moment(link.expires_at)))]
        };
        let new_email = |email: &Email| ("new_email", Value::from(email.as_str()));
        match &letter.subject {
            MailTopic::VerifyEmail(token) => values.extend(link("verify-email", token)),
            MailTopic::ResetPassword(token) => values.extend(link("reset-password", token)),
            MailTopic::ConfirmEmail(token) => values.extend(link("confirm-email", token)),
            MailTopic::EmailChangeRequested { new_email: email }
            | MailTopic::EmailChanged { new_email: email } => values.extend([new_email(email)]),
            MailTopic::PasswordChanged | MailTopic::GuessingDetected | MailTopic::SessionReuseDetected => {}
        }
        values
    }
}

impl MailTemplates for JinjaMailTemplates {
    fn write(&self, letter: &MailDraft) -> Result<Mail, MailTemplateError> {
        let [subject, text, html] = self
            .render(letter)
            .map_err(|(error, name)| MailTemplateError(reported(&error, &name, &|name| name.to_owned())))?;
        Ok(Mail {
            message_id: format!("{}.{}@{}", letter.event_id, letter.subject.template(), self.host),
            to: letter.to.clone(),
            subject,
            text,
            html,
            date: letter.at,
        })
    }
}

/// Formats the error with file and line.
fn reported(error: &Error, name: &str, place: &dyn Fn(&str) -> String) -> String {
    let place = place(error.name().unwrap_or(name));
    let line = error.line().map_or_else(String::new, |line| format!(" line {line}"));
    let detail = error.detail().map_or_else(String::new, |detail| format!(": {detail}"));
    format!("{place}{line}: {}{detail}", error.kind())
}

fn moment(at: Timestamp) -> String {
    OffsetDateTime::from(at).format(MOMENT).unwrap_or_else(|_| at.to_string())
}

#[cfg(test)]
mod tests;
