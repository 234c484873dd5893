//! The texts of mails, from templates.
//!
//! **Here**: [`JinjaMailTemplates`], the embedded templates of `config/mail/` (`embedded`), and where links
//! lead (`links`).
//!
//! **May use**: `ports`, `domain`, `adapters/templates` and minijinja.
//!
//! **To add a mail**: a variant of [`MailTopic`], its three files in the folder of each language in
//! `config/mail/`, its name in `embedded`, and an example in `samples`, with which a test renders every
//! template, and the start those of a folder. **To add a language**: a folder in `config/mail/`, and its name
//! in `embedded`.

mod embedded;
mod links;
mod samples;

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::{Value, context};
use secrecy::ExposeSecret;
use time::{OffsetDateTime, macros::format_description};
use url::Url;

use self::embedded::EMBEDDED;
use crate::adapters::templates::{TemplateError, Templates, TemplatesError};
use crate::domain::{DisplayName, Email, Languages, Locale, Timestamp};
use crate::ports::{Mail, MailDraft, MailLink, MailTemplateError, MailTemplates, MailTopic};
pub use links::LinkTargets;

/// Renders mails from templates. Links go to the public URL or to the places that an operator has set, and
/// nowhere else.
pub struct JinjaMailTemplates {
    templates: Templates,
    settings: MailTextSettings,
    /// The host of the public URL: the right side of a Message-ID.
    host: String,
}

/// What the texts of mails say about an installation.
#[derive(Clone, Debug)]
pub struct MailTextSettings {
    /// The URL at which clients reach the service, without a slash at the end.
    pub public_url: String,
    /// The name of the application, or none for the host of the public URL.
    pub service: Option<String>,
    /// The language for users whose language is unknown.
    pub language: Locale,
    /// Where links lead.
    pub links: LinkTargets,
}

impl JinjaMailTemplates {
    /// Loads the templates of a folder, and the embedded ones for the rest. If there is a folder, renders
    /// each with an example, so that an error shows at the start and not with the mail of a user. The error
    /// names file and line.
    pub fn new(settings: MailTextSettings, folder: Option<&Path>) -> Result<Self, TemplatesError> {
        let host = Url::parse(&settings.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let templates = Templates::load(EMBEDDED, folder, &settings.language)?;
        let host = host.unwrap_or_else(|| "localhost".to_owned());
        let mails = Self { templates, settings, host };
        // Not at the start of every command: a test renders those that are embedded.
        if folder.is_some() {
            mails.check()?;
        }
        Ok(mails)
    }

    /// Renders each mail in each language with an example.
    fn check(&self) -> Result<(), String> {
        for language in self.templates.languages().offered() {
            for letter in samples::all()? {
                let parts =
                    self.render(language, &letter).map_err(|error| self.templates.reported(&error))?;
                self.has_its_link(language, &letter, &parts)?;
            }
        }
        Ok(())
    }

    /// Returns the host of the public URL.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The languages in which mails are written.
    #[must_use]
    pub const fn languages(&self) -> &Languages {
        self.templates.languages()
    }

    /// The texts that are missing in a language, so that its users get them in the default language.
    pub fn gaps(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.templates.gaps()
    }

    /// The language of a mail: the first one that the recipient wants and that there is.
    fn language_of(&self, letter: &MailDraft) -> &Locale {
        let languages = self.templates.languages();
        let wanted = letter.locales.iter().find_map(|locale| languages.find(locale));
        self.templates.written_in(letter.subject.template(), wanted.unwrap_or(languages.default_language()))
    }

    /// Renders the subject, the text and the HTML.
    fn render(&self, language: &Locale, letter: &MailDraft) -> Result<[String; 3], TemplateError> {
        let name = letter.subject.template();
        let language = self.templates.written_in(name, language);
        let mut values = self.values(language, letter)?;
        let part = |part: &str, values: &BTreeMap<&'static str, Value>| {
            let values = Value::from_pairs(values.iter().map(|(name, value)| (*name, value.clone())));
            self.templates.render(language, &format!("{name}.{part}"), &values)
        };
        // Mail servers write subjects into their logs.
        let link = values.remove("link");
        let subject = part("subject", &values)?.split_whitespace().collect::<Vec<_>>().join(" ");
        if subject.is_empty() {
            return Err(TemplateError::new(&format!("{language}/{name}.subject"), "the subject is empty"));
        }
        values.extend(link.map(|link| ("link", link)));
        values.insert("subject", Value::from(subject.as_str()));
        Ok([subject, part("txt", &values)?, part("html", &values)?])
    }

    /// Checks that the text and the HTML both contain the link, because some people see only one of them. The
    /// error names the part without it.
    fn has_its_link(
        &self,
        language: &Locale,
        letter: &MailDraft,
        [_, text, html]: &[String; 3],
    ) -> Result<(), String> {
        let (MailTopic::VerifyEmail(link)
        | MailTopic::ResetPassword(link)
        | MailTopic::ConfirmEmail(link)
        | MailTopic::Invitation(link)) = &letter.subject
        else {
            return Ok(());
        };
        let name = letter.subject.template();
        let language = self.templates.written_in(name, language);
        for (part, rendered) in [("txt", text), ("html", html)] {
            // Escaping in HTML does not change the token.
            if !rendered.contains(link.token.expose_secret()) {
                let wanted = "the template has no link: add {{ link }}";
                return Err(self.templates.refused(language, &format!("{name}.{part}"), wanted));
            }
        }
        Ok(())
    }

    fn values(
        &self,
        language: &Locale,
        letter: &MailDraft,
    ) -> Result<BTreeMap<&'static str, Value>, TemplateError> {
        let MailTextSettings { public_url, service, links, .. } = &self.settings;
        let mut values = BTreeMap::from([
            ("language", Value::from(language.as_str())),
            ("public_url", Value::from(public_url.as_str())),
            ("service", Value::from(service.as_deref().unwrap_or(&self.host))),
            ("email", Value::from(letter.to.as_str())),
            ("name", Value::from(letter.name.as_ref().map(DisplayName::as_str))),
            ("at", Value::from(self.moment(language, letter.at)?)),
        ]);
        let mut link = |link: &MailLink| {
            let text = links.to(&letter.subject, public_url, language, link.token.expose_secret());
            let expires = self.moment(language, link.expires_at)?;
            values.extend([("link", Value::from(text)), ("expires", Value::from(expires))]);
            Ok(())
        };
        let new_email = |email: &Email| ("new_email", Value::from(email.as_str()));
        match &letter.subject {
            MailTopic::VerifyEmail(token)
            | MailTopic::ResetPassword(token)
            | MailTopic::ConfirmEmail(token)
            | MailTopic::Invitation(token) => {
                link(token)?;
            }
            MailTopic::EmailChangeRequested { new_email: email }
            | MailTopic::EmailChanged { new_email: email } => values.extend([new_email(email)]),
            MailTopic::PasswordChanged
            | MailTopic::GuessingDetected
            | MailTopic::RegistrationRepeated
            | MailTopic::SessionReuseDetected => {}
        }
        Ok(values)
    }

    /// Formats a time as the language writes it.
    fn moment(&self, language: &Locale, at: Timestamp) -> Result<String, TemplateError> {
        let at = OffsetDateTime::from(at);
        let time = at.format(format_description!("[hour]:[minute]")).unwrap_or_default();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let language = self.templates.written_in("date", language);
        self.templates.render(language, "date.txt", &context! { year, month, day, time })
    }
}

impl MailTemplates for JinjaMailTemplates {
    fn write(&self, letter: &MailDraft) -> Result<Mail, MailTemplateError> {
        let [subject, text, html] = self
            .render(self.language_of(letter), letter)
            .map_err(|error| MailTemplateError(self.templates.reported(&error)))?;
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

#[cfg(test)]
mod tests;
