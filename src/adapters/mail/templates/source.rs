use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::Path;

use crate::domain::text_of;

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        &[
            $(
                (concat!($name, ".subject"), include_str!(concat!("../../../../config/mail/", $name, ".subject"))),
                (concat!($name, ".txt"), include_str!(concat!("../../../../config/mail/", $name, ".txt"))),
                (concat!($name, ".html"), include_str!(concat!("../../../../config/mail/", $name, ".html"))),
            )+
            ("layout.txt", include_str!("../../../../config/mail/layout.txt")),
            ("layout.html", include_str!("../../../../config/mail/layout.html")),
        ]
    };
}

const EMBEDDED: &[(&str, &str)] = embedded![
    "verify_email",
    "reset_password",
    "confirm_email",
    "email_change_requested",
    "email_changed",
    "password_changed",
    "guessing_detected",
    "session_reuse_detected",
];

/// Loads every template by its name: the files of the folder, and the embedded templates for all other names.
///
/// Refuses a file whose name no mail uses, since it is probably a typing error, unless the name begins with
/// `_` or is not that of a template: such files are included by others.
pub(super) fn load(folder: Option<&Path>) -> Result<BTreeMap<String, String>, String> {
    let mut sources: BTreeMap<String, String> =
        EMBEDDED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let Some(folder) = folder else { return Ok(sources) };
    let unreadable = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let is_template = [".subject", ".txt", ".html"].iter().any(|ending| name.ends_with(ending));
        if !is_template || name.starts_with('.') || path.is_dir() {
            continue;
        }
        if !sources.contains_key(name) && !name.starts_with('_') {
            let meant = nearest(name).map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
            return Err(format!("{}: unknown template{meant}", path.display()));
        }
        let refused = |reason: &dyn Display| format!("{}: {reason}", path.display());
        let bytes = fs::read(&path).map_err(|error| refused(&error))?;
        let text = text_of(&bytes).map_err(|error| refused(&error))?;
        sources.insert(name.to_owned(), text.to_owned());
    }
    Ok(sources)
}

/// Returns where a template comes from, for an operator who has to fix it.
pub(super) fn place(folder: Option<&Path>, name: &str) -> String {
    match folder.map(|folder| folder.join(name)).filter(|path| path.is_file()) {
        Some(path) => path.display().to_string(),
        None => format!("embedded template {name}"),
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(name, known);
    let known = EMBEDDED.iter().map(|(known, _)| (*known, likeness(known)));
    known.max_by(|(_, a), (_, b)| a.total_cmp(b)).filter(|(_, alike)| *alike > 0.6).map(|(known, _)| known)
}
