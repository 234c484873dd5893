use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::{Locale, text_of};

/// Templates that are part of the program.
pub struct Embedded {
    /// The files of all languages together.
    pub shared: &'static [(&'static str, &'static str)],
    /// The files of each language.
    pub languages: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// The texts, each with its files in the folder of a language.
    pub texts: &'static [(&'static str, &'static [&'static str])],
}

/// Where templates were found.
pub(super) struct Sources {
    /// Each template by its name: that of its file, behind the folder of its language.
    pub texts: BTreeMap<String, String>,
    /// The names of those that an operator wrote.
    pub custom: BTreeSet<String>,
    pub languages: BTreeSet<Locale>,
}

/// Loads every template by its name: the files of the folder, and the embedded templates for all other names.
///
/// Refuses a file whose name no text uses, since it is probably a typing error, unless the name begins with
/// `_` or is not that of a template: such files are included by others.
pub(super) fn load(embedded: &Embedded, folder: Option<&Path>) -> Result<Sources, String> {
    let mut sources = Sources {
        texts: embedded.shared.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        custom: BTreeSet::new(),
        languages: BTreeSet::new(),
    };
    for (language, files) in embedded.languages {
        sources.languages.insert(Locale::stored((*language).to_owned()));
        let files = files.iter().map(|(name, text)| (format!("{language}/{name}"), (*text).to_owned()));
        sources.texts.extend(files);
    }
    let Some(folder) = folder else { return Ok(sources) };
    for path in entries(folder)? {
        let name = name_of(&path);
        if path.is_dir() {
            load_language(embedded, &mut sources, &path, name)?;
        } else {
            let known: Vec<&str> = embedded.shared.iter().map(|(name, _)| *name).collect();
            add(embedded, &mut sources, &path, name, &known, "")?;
        }
    }
    Ok(sources)
}

/// Loads the files of a language. The name of the folder is its tag.
fn load_language(
    embedded: &Embedded,
    sources: &mut Sources,
    folder: &Path,
    name: &str,
) -> Result<(), String> {
    if name.starts_with(['.', '_']) {
        return Ok(());
    }
    let tag = Locale::parse(name).map_err(|error| format!("{}: {error} as the name", folder.display()))?;
    if tag.as_str() != name {
        return Err(format!("{}: expected the name {tag}", folder.display()));
    }
    let known: Vec<&str> =
        embedded.languages.iter().flat_map(|(_, files)| files.iter().map(|(name, _)| *name)).collect();
    sources.languages.insert(tag);
    for path in entries(folder)?.into_iter().filter(|path| !path.is_dir()) {
        let prefix = format!("{name}/");
        add(embedded, sources, &path, name_of(&path), &known, &prefix)?;
    }
    Ok(())
}

fn add(
    embedded: &Embedded,
    sources: &mut Sources,
    path: &Path,
    name: &str,
    known: &[&str],
    prefix: &str,
) -> Result<(), String> {
    let is_template = [".subject", ".txt", ".html"].iter().any(|ending| name.ends_with(ending));
    if !is_template || name.starts_with('.') {
        return Ok(());
    }
    if !known.contains(&name) && !name.starts_with('_') {
        let meant =
            nearest(embedded, name).map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
        return Err(format!("{}: unknown template{meant}", path.display()));
    }
    let refused = |reason: &dyn Display| format!("{}: {reason}", path.display());
    let bytes = fs::read(path).map_err(|error| refused(&error))?;
    let text = text_of(&bytes).map_err(|error| refused(&error))?;
    let name = format!("{prefix}{name}");
    sources.texts.insert(name.clone(), text.to_owned());
    sources.custom.insert(name);
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error| format!("{}: {error}", folder.display());
    let paths = fs::read_dir(folder).map_err(unreadable)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

/// The name of a file; empty, which is no template, if it is not valid UTF-8.
fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Returns where a template comes from, for an operator who has to fix it.
pub(super) fn place(folder: Option<&Path>, name: &str) -> String {
    match folder.map(|folder| folder.join(name)).filter(|path| path.is_file()) {
        Some(path) => path.display().to_string(),
        None => format!("embedded template {name}"),
    }
}

/// The name of an embedded template that is like this one, in the folder where it belongs.
fn nearest(embedded: &Embedded, name: &str) -> Option<String> {
    let shared = embedded.shared.iter().map(|(known, _)| ((*known).to_owned(), *known));
    let (language, files) = embedded.languages.first()?;
    let of_language = files.iter().map(|(known, _)| (format!("{language}/{known}"), *known));
    let all = shared
        .chain(of_language)
        .map(|(place, known)| (strsim::normalized_damerau_levenshtein(name, known), place));
    all.filter(|(alike, _)| *alike > 0.6).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, place)| place)
}
