//! The texts of an installation that are the same for everybody.

use super::error::BuildError;
use crate::adapters::mail::templates::JinjaMailTemplates;
use crate::adapters::pages::{PageSettings, PageTemplates, read_logo};
use crate::adapters::templates::TemplatesError;
use crate::config::Settings;
use crate::domain::Languages;
use crate::ports::AccountPages;

/// The pages, and what is missing of all texts.
pub(super) struct Texts {
    /// The templates of the pages behind the links in mails.
    pages: PageTemplates,
    /// The languages of mails.
    pub mail_languages: Languages,
    /// The language and the name of each text that is missing.
    pub gaps: Vec<(String, &'static str)>,
}

impl Texts {
    /// Loads the configured pages.
    pub fn load(settings: &Settings, mails: &JinjaMailTemplates) -> Result<Self, BuildError> {
        let pages = page_templates(settings, mails.host())?;
        let gaps = mails.gaps().chain(pages.gaps());
        let gaps = gaps.map(|(language, text)| (language.to_owned(), text)).collect();
        Ok(Self { pages, mail_languages: mails.languages().clone(), gaps })
    }

    /// Renders the pages in every language.
    pub fn pages(&self) -> Result<AccountPages, BuildError> {
        self.pages.render().map_err(refused)
    }
}

fn page_templates(settings: &Settings, host: &str) -> Result<PageTemplates, BuildError> {
    let service = &settings.service;
    let pages = PageSettings {
        service: service.name.clone().unwrap_or_else(|| host.to_owned()),
        logo: service.logo.as_deref().map(read_logo).transpose().map_err(BuildError::Logo)?,
        language: service.language.clone(),
        return_url: settings.account.return_url.clone(),
        password_policy: settings.security.password.policy,
    };
    PageTemplates::load(pages, settings.account.templates.as_deref()).map_err(refused)
}

fn refused(error: TemplatesError) -> BuildError {
    match error {
        TemplatesError::Language(reason) => BuildError::Language(reason),
        TemplatesError::Template(reason) => BuildError::Pages(reason),
    }
}
