//! The texts of an installation that are the same for everybody.

use super::error::BuildError;
use crate::adapters::mail::templates::JinjaMailTemplates;
use crate::adapters::pages::{PageSettings, RenderedPages, read_logo, render};
use crate::adapters::templates::TemplatesError;
use crate::config::Settings;
use crate::domain::Languages;
use crate::ports::AccountPages;

/// The texts that are rendered at the start, and what is missing of all texts.
pub(super) struct Texts {
    /// The pages behind the links in mails.
    pub pages: AccountPages,
    /// The languages of mails.
    pub mail_languages: Languages,
    /// The language and the name of each text that is missing.
    pub gaps: Vec<(String, &'static str)>,
}

impl Texts {
    /// Renders the configured pages in every language.
    pub fn render(settings: &Settings, mails: &JinjaMailTemplates) -> Result<Self, BuildError> {
        let of_mails = mails.gaps().map(|(language, text)| (language.to_owned(), text));
        let RenderedPages { pages, gaps } = account_pages(settings, mails.host())?;
        let gaps = of_mails.chain(gaps).collect();
        Ok(Self { pages, mail_languages: mails.languages().clone(), gaps })
    }
}

fn account_pages(settings: &Settings, host: &str) -> Result<RenderedPages, BuildError> {
    let service = &settings.service;
    let pages = PageSettings {
        service: service.name.clone().unwrap_or_else(|| host.to_owned()),
        logo: service.logo.as_deref().map(read_logo).transpose().map_err(BuildError::Logo)?,
        language: service.language.clone(),
        return_url: settings.account.return_url.clone(),
        password_policy: settings.security.password.policy,
    };
    render(pages, settings.account.templates.as_deref()).map_err(|error| match error {
        TemplatesError::Language(reason) => BuildError::Language(reason),
        TemplatesError::Template(reason) => BuildError::Pages(reason),
    })
}
