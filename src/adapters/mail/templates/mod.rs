//! What mails say, from templates.
//!
//! **Here**: [`JinjaMailTemplates`], and where templates come from (`source`): a folder of the operator's, and the ones of
//! `config/mail/`, which are embedded.
//!
//! **May use**: `ports`, `domain` and minijinja.
//!
//! **To add a mail**: a variant of [`MailTopic`], its three files in `config/mail/`, a line in
//! `source`, and an example in `samples`, by which every template is tried at the start.

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

/// Writes mails by templates. Links go to the public URL and nowhere else.
pub struct JinjaMailTemplates {
    environment: Environment<'static>,
    public_url: String,
    /// Of the public URL: what the right side of a Message-ID is, and how the service is called in the texts.
    host: String,
}

impl JinjaMailTemplates {
    /// With the templates of a folder before the embedded ones, each tried on an example, so that a mistake is found now and
    /// not with somebody's mail. The reason of a refusal names file and line.
    pub fn new(public_url: &str, folder: Option<&Path>) -> Result<Self, String> {
        let sources = source::load(folder)?;
        let mut environment = Environment::new();
        // A slip in a name is an error, not an empty place.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let place = |name: &str| source::place(folder, name);
        for (name, text) in sources {
            let added = environment.add_template_owned(name.clone(), text);
            added.map_err(|error| told(&error, &name, &place))?;
        }
        let host = Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let (public_url, host) = (public_url.to_owned(), host.unwrap_or_else(|| "localhost".to_owned()));
        let templates = Self { environment, public_url, host };
        for letter in samples::all()? {
            let parts = templates.render(&letter).map_err(|(error, name)| told(&error, &name, &place))?;
            Self::has_its_link(&letter, &parts).map_err(|name| {
                let wanted = "the mail is of no use without its link: put {{ link }} into it";
                format!("{}: {wanted}", place(&name))
            })?;
        }
        Ok(templates)
    }

    /// How the service is called in the texts: the host of the public URL.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The subject, the text and the HTML.
    fn render(&self, letter: &MailDraft) -> Result<[String; 3], (Error, String)> {
        let values = self.values(letter);
        let part = |part: &str| {
            let name = format!("{}.{part}", letter.subject.template());
            let rendered = self.environment.get_template(&name).and_then(|template| template.render(&values));
            rendered.map_err(|error| (error, name))
        };
        let subject = part("subject")?.split_whitespace().collect::<Vec<_>>().join(" ");
        if subject.is_empty() {
            let error = Error::new(ErrorKind::InvalidOperation, "a mail has a subject");
            return Err((error, format!("{}.subject", letter.subject.template())));
        }
        Ok([subject, part("txt")?, part("html")?])
    }

    /// Whether the text and the HTML both hold the link, for each is all that some people see. Else which does not.
    fn has_its_link(letter: &MailDraft, [_, text, html]: &[String; 3]) -> Result<(), String> {
        let (MailTopic::VerifyEmail(link) | MailTopic::ResetPassword(link) | MailTopic::ConfirmEmail(link)) =
            &letter.subject
        else {
            return Ok(());
        };
        for (part, rendered) in [("txt", text), ("html", html)] {
            // Escaped in HTML, the token is the same.
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
            .map_err(|(error, name)| MailTemplateError(told(&error, &name, &|name| name.to_owned())))?;
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

/// What is wrong, with file and line.
fn told(error: &Error, name: &str, place: &dyn Fn(&str) -> String) -> String {
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
