//! The texts of an installation that are the same for everybody.

use url::Url;

use super::error::BuildError;
use crate::adapters::mail::templates::JinjaMailTemplates;
use crate::adapters::pages::{PageSettings, RenderedPages, read_logo, render};
use crate::config::Settings;
use crate::ports::AccountPages;

/// The texts that are rendered at the start, and what is missing of all texts.
pub(super) struct Texts {
    /// The pages behind the links in mails.
    pub pages: AccountPages,
    /// The language and the name of each text that is missing.
    pub gaps: Vec<(String, &'static str)>,
}

impl Texts {
    /// Renders the configured pages in every language.
    pub fn render(settings: &Settings, mails: &JinjaMailTemplates) -> Result<Self, BuildError> {
        let of_mails = mails.gaps().map(|(language, text)| (language.to_owned(), text));
        let RenderedPages { pages, gaps } = account_pages(settings)?;
        Ok(Self { pages, gaps: of_mails.chain(gaps).collect() })
    }
}

fn account_pages(settings: &Settings) -> Result<RenderedPages, BuildError> {
    let service = &settings.service;
    let host = Url::parse(&settings.server.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let pages = PageSettings {
        service: service.name.clone().or(host).unwrap_or_default(),
        logo: service.logo.as_deref().map(read_logo).transpose().map_err(BuildError::Logo)?,
        language: service.language.clone(),
        return_url: settings.account.return_url.clone(),
        password_policy: settings.security.password.policy,
    };
    render(pages, settings.account.templates.as_deref()).map_err(BuildError::Pages)
}
