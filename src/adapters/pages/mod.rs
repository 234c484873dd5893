//! The pages behind the links in mails, from templates.
//!
//! **Here**: [`PageTemplates`], the embedded templates of `config/pages/` (`embedded`), what each page needs
//! (`parts`), and the logo (`logo`). The script and the style sheet of the pages are in `api/account`.
//!
//! **May use**: `ports`, `domain`, `adapters/templates` and minijinja.
//!
//! **To add a page**: a variant of [`AccountPage`], its file in the folder of each language in
//! `config/pages/`, its name in `embedded`, and what it needs in `parts`. **To add a language**: a folder
//! there, and its name in `embedded`.

mod embedded;
mod logo;
mod parts;

use std::collections::BTreeMap;
use std::path::Path;

use minijinja::context;

use self::embedded::EMBEDDED;
use crate::adapters::templates::{Templates, TemplatesError};
use crate::domain::{Locale, PasswordPolicy};
use crate::ports::{AccountPage, AccountPages, Logo};
pub use logo::read_logo;

/// What the pages say about an installation.
pub struct PageSettings {
    /// The name of the application.
    pub service: String,
    /// The image beside it.
    pub logo: Option<Logo>,
    /// The language for people whose language is unknown.
    pub language: Locale,
    /// Where a page leads when it is done.
    pub return_url: Option<String>,
    /// The policy for new passwords.
    pub password_policy: PasswordPolicy,
}

/// The templates of the pages, and what the pages say about an installation.
pub struct PageTemplates {
    templates: Templates,
    settings: PageSettings,
}

impl PageTemplates {
    /// Loads the templates of a folder, and the embedded ones for the rest. If there is a folder, renders
    /// each page, so that an error shows at the start of any command. The error names file and line.
    pub fn load(settings: PageSettings, folder: Option<&Path>) -> Result<Self, TemplatesError> {
        let templates = Templates::load(EMBEDDED, folder, &settings.language)?;
        let pages = Self { templates, settings };
        // A test renders those that are embedded.
        if folder.is_some() {
            pages.render()?;
        }
        Ok(pages)
    }

    /// The texts that are missing in a language, so that its users get them in the default language.
    pub fn gaps(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.templates.gaps()
    }

    /// Renders each page in each language. The error names file and line.
    pub fn render(&self) -> Result<AccountPages, TemplatesError> {
        let Self { templates, settings } = self;
        let mut pages = BTreeMap::new();
        for language in templates.languages().offered() {
            for &page in AccountPage::ALL {
                let written = templates.written_in(page.as_str(), language);
                let values = context! {
                    language => written.as_str(),
                    service => settings.service.as_str(),
                    logo => settings.logo.is_some(),
                    return_url => settings.return_url.as_deref(),
                    min_length => settings.password_policy.shortest(),
                    max_length => settings.password_policy.longest(),
                };
                let file = format!("{}.html", page.as_str());
                let text =
                    templates.render(written, &file, &values).map_err(|error| templates.reported(&error))?;
                parts::check(page, &text).map_err(|reason| templates.refused(written, &file, &reason))?;
                pages.insert((page, language.clone()), (written.clone(), text));
            }
        }
        Ok(AccountPages { languages: templates.languages().clone(), pages, logo: settings.logo.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::tempdir;

    fn settings() -> PageSettings {
        PageSettings {
            service: "Ada & Co.".to_owned(),
            logo: None,
            language: Locale::parse("en").unwrap(),
            return_url: Some("https://app.example.com/?a=1&b=2".to_owned()),
            password_policy: PasswordPolicy::default(),
        }
    }

    fn page(rendered: &AccountPages, page: AccountPage, language: &str) -> (String, String) {
        let (written, text) = &rendered.pages[&(page, Locale::parse(language).unwrap())];
        (written.to_string(), text.clone())
    }

    #[test]
    fn each_language_has_each_page() {
        let templates = PageTemplates::load(settings(), None).unwrap();
        assert_eq!(templates.gaps().next(), None);
        templates.templates.compile().unwrap();
        let rendered = templates.render().unwrap();
        for (language, word) in [("en", "Password"), ("de", "Passwort")] {
            for &kind in AccountPage::ALL {
                let (written, text) = page(&rendered, kind, language);
                assert_eq!(written, language);
                assert!(text.contains(word) || text.contains(&word.to_lowercase()), "{text}");
                assert!(text.contains(&format!("<html lang=\"{language}\">")), "{text}");
                assert!(text.contains("Ada &amp; Co.") && text.contains("?a=1&amp;b=2\">"), "{text}");
            }
        }
    }

    #[test]
    fn an_operator_changes_words_and_adds_a_language() {
        let folder = tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let form = "<form data-to='../api/v1/auth/email/verify' data-done=OWN><input name=password></form>";
        let verify = &format!("{{% extends \"layout.html\" %}}{{% block form %}}{form}{{% endblock %}}");
        write("en/verify_email.html", verify);
        write("fr/verify_email.html", verify);
        let templates = PageTemplates::load(settings(), Some(folder.path())).unwrap();
        let rendered = templates.render().unwrap();
        let has_own = |kind, language| page(&rendered, kind, language).1.contains("OWN");
        assert!(has_own(AccountPage::VerifyEmail, "en") && has_own(AccountPage::VerifyEmail, "fr"));
        // The German words would say something else than those of the operator.
        assert_eq!(page(&rendered, AccountPage::VerifyEmail, "de").0, "en");
        assert_eq!(page(&rendered, AccountPage::ResetPassword, "de").0, "de");
        assert_eq!(page(&rendered, AccountPage::ResetPassword, "fr").0, "en");
        let mut gaps: Vec<String> = templates.gaps().map(|(tag, text)| format!("{tag} {text}")).collect();
        gaps.sort();
        assert_eq!(
            gaps,
            ["de verify_email", "fr accept_invitation", "fr confirm_email", "fr layout", "fr reset_password"]
        );
        write("en/verify_email.html", "no form");
        let error = PageTemplates::load(settings(), Some(folder.path())).err().unwrap().to_string();
        assert!(error.contains("/en/verify_email.html: the page has no form with data-to"), "{error}");
    }
}
