//! Texts in several languages, from templates: embedded ones, and those of an operator.
//!
//! **Here**: [`Templates`], and where they come from (`source`). A folder per language has the texts, and the
//! folder above them what all languages share.
//!
//! **May use**: `domain` and minijinja.
//!
//! **To add a language**: a folder, and its name in the list of embedded templates of each user.

mod source;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use minijinja::{Environment, Error, UndefinedBehavior, Value};

use crate::domain::{Languages, Locale};
pub use source::Embedded;

/// Templates of texts that exist in several languages.
///
/// In a template, `{% extends "layout.html" %}` and `{% include "_part.html" %}` mean the file of its own
/// language, else that of the default language, else the shared one.
pub struct Templates {
    environment: Environment<'static>,
    /// The name of each template.
    names: BTreeSet<String>,
    folder: Option<PathBuf>,
    languages: Languages,
    /// The language in which each text is written for users of a language.
    written_in: BTreeMap<(String, &'static str), Locale>,
}

/// Why templates cannot be used. The texts are for operators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplatesError {
    /// The default language has no templates.
    #[error("{0}")]
    Language(String),
    /// A template or the folder is invalid. The text names the file.
    #[error("{0}")]
    Template(String),
}

impl From<String> for TemplatesError {
    fn from(reason: String) -> Self {
        Self::Template(reason)
    }
}

/// A template cannot be rendered.
pub struct TemplateError {
    error: Error,
    /// The name of the template, for an error that names none.
    name: String,
}

impl Templates {
    /// Loads the embedded templates, and those of a folder that replace them. The error names the file.
    pub fn load(
        embedded: &'static Embedded,
        folder: Option<&Path>,
        default: &Locale,
    ) -> Result<Self, TemplatesError> {
        let sources = source::load(embedded, folder)?;
        let written_in = written_in(embedded, &sources, default)?;
        let mut environment = Environment::new();
        // A misspelled name is an error, not an empty string.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let names: BTreeSet<String> = sources.texts.keys().cloned().collect();
        let (known, fallback) = (names.clone(), default.to_string());
        environment.set_path_join_callback(move |name, parent| join(&known, &fallback, name, parent));
        // Most commands render nothing, so a template is compiled when it is first needed.
        let texts = sources.texts;
        environment.set_loader(move |name| Ok(texts.get(name).cloned()));
        let templates = Self {
            folder: folder.map(Path::to_owned),
            languages: Languages::new(sources.languages.into_iter().collect(), default.clone()),
            written_in,
            environment,
            names,
        };
        // So that an operator sees an error at the start. Tests compile those that are embedded.
        if folder.is_some() {
            templates.compile()?;
        }
        Ok(templates)
    }

    /// Compiles all templates. The error names the first file that is wrong.
    pub(in crate::adapters) fn compile(&self) -> Result<(), String> {
        for name in &self.names {
            let compiled = self.environment.get_template(name).map(drop);
            compiled.map_err(|error| self.reported(&TemplateError { error, name: name.clone() }))?;
        }
        Ok(())
    }

    /// The languages of the texts.
    #[must_use]
    pub const fn languages(&self) -> &Languages {
        &self.languages
    }

    /// The language in which a text is written for users of an offered language.
    #[must_use]
    pub fn written_in(&self, text: &'static str, language: &Locale) -> &Locale {
        let found = self.written_in.get(&(language.to_string(), text));
        found.unwrap_or_else(|| self.languages.default_language())
    }

    /// The texts that are missing in a language, so that its users get them in the default language.
    pub fn gaps(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let is_missing =
            |((language, _), written): &(&(String, &'static str), &Locale)| language != written.as_str();
        self.written_in.iter().filter(is_missing).map(|((language, text), _)| (language.as_str(), *text))
    }

    /// Renders a file of a language.
    pub fn render(&self, language: &Locale, file: &str, values: &Value) -> Result<String, TemplateError> {
        let name = self.place(language, file);
        let rendered = self.environment.get_template(&name).and_then(|template| template.render(values));
        rendered.map_err(|error| TemplateError { error, name })
    }

    /// The name of a file of a language, or of that of the default language if there is none.
    fn place(&self, language: &Locale, file: &str) -> String {
        let own = format!("{language}/{file}");
        if self.names.contains(&own) { own } else { format!("{}/{file}", self.languages.default_language()) }
    }

    /// An error about a file of a language.
    #[must_use]
    pub fn refused(&self, language: &Locale, file: &str, reason: &str) -> String {
        format!("{}: {reason}", source::place(self.folder.as_deref(), &self.place(language, file)))
    }

    /// Formats an error with file and line.
    #[must_use]
    pub fn reported(&self, TemplateError { error, name }: &TemplateError) -> String {
        let place = source::place(self.folder.as_deref(), error.name().unwrap_or(name));
        let line = error.line().map_or_else(String::new, |line| format!(" line {line}"));
        let detail = error.detail().map_or_else(String::new, |detail| format!(": {detail}"));
        format!("{place}{line}: {}{detail}", error.kind())
    }
}

impl TemplateError {
    /// An error in the result of a template.
    #[must_use]
    pub fn new(name: &str, reason: &'static str) -> Self {
        Self { error: Error::new(minijinja::ErrorKind::InvalidOperation, reason), name: name.to_owned() }
    }
}

/// Decides in which language each text is written for users of each language. A text that an operator has
/// changed in the default language alone is used for the others too: theirs would say something else.
fn written_in(
    embedded: &'static Embedded,
    sources: &source::Sources,
    default: &Locale,
) -> Result<BTreeMap<(String, &'static str), Locale>, TemplatesError> {
    let is_whole = |language: &str, files: &[&str]| {
        files.iter().all(|file| sources.texts.contains_key(&format!("{language}/{file}")))
    };
    let is_custom = |language: &str, files: &[&str]| {
        files.iter().any(|file| sources.custom.contains(&format!("{language}/{file}")))
    };
    let mut chosen = BTreeMap::new();
    for (text, files) in embedded.texts {
        if !is_whole(default.as_str(), files) {
            let known: Vec<&str> = embedded.languages.iter().map(|(language, _)| *language).collect();
            return Err(TemplatesError::Language(format!(
                "no templates for the language {default}: expected all of {}, or one of the languages {}",
                files.join(", "),
                known.join(", ")
            )));
        }
        for language in &sources.languages {
            let name = language.as_str();
            let is_outdated = is_custom(default.as_str(), files) && !is_custom(name, files);
            let is_own = language == default || (is_whole(name, files) && !is_outdated);
            let written = if is_own { language } else { default };
            chosen.insert((name.to_owned(), *text), written.clone());
        }
    }
    Ok(chosen)
}

/// The template that a name means in another template.
fn join<'a>(names: &BTreeSet<String>, default: &str, name: &'a str, parent: &str) -> Cow<'a, str> {
    let Some((language, _)) = parent.split_once('/') else { return name.into() };
    let candidates = [language, default].map(|language| format!("{language}/{name}"));
    let found = candidates.into_iter().find(|candidate| names.contains(candidate) && candidate != parent);
    found.map_or_else(|| name.into(), Cow::Owned)
}
