//! Production rules: requirements of production beyond the rules that hold in any environment.
//!
//! **Here**: the table of rules ([`RULES`]), and [`judge`], which checks a configuration against it. A rule
//! refuses, or warns until `production.accept` names it. The other files contain the checks of the table, one
//! file per subject.
//!
//! **May use**: parsed settings. Checks may inspect the files of the database and of the secret key, but
//! connect to nothing.
//!
//! **To add one**: an entry in the table, its row in docs/production.md, and its two configurations in the
//! tests.

mod bounds;
mod claims;
mod facts;
mod files;
mod keys;
mod links;
mod networks;
mod origins;
mod passwords;
mod table;
mod transport;

use std::path::Path;

use self::facts::Facts;
pub(in crate::config) use self::files::is_open_to_others;
pub(in crate::config) use self::table::{RULES, Rule, Verdict};
use super::draft::Draft;
use crate::config::error::ConfigError;
use crate::config::layer::file_named_by;
use crate::config::read::Reader;
use crate::config::settings::Environment;

/// Reads `production.accept`: the rules whose warnings the operator accepts.
pub(super) fn accepted(read: &mut Reader<'_>) -> Option<Vec<String>> {
    let names = read.list("production.accept", |name| Some(name.to_owned()), "[\"mail.url:dir\"]")?;
    let wrong = names.iter().find_map(|name| match RULES.iter().find(|rule| rule.name == name) {
        Some(Rule { verdict: Verdict::Warn, .. }) => None,
        Some(_) => {
            Some(format!("rule {name:?} cannot be accepted: a production service does not start with it"))
        }
        None => Some(format!("unknown rule {name:?}{}", nearest(name))),
    });
    match wrong {
        None => Some(names),
        Some(reason) => read.refuse("production.accept", reason),
    }
}

fn nearest(name: &str) -> String {
    let likeness = |rule: &&Rule| strsim::normalized_damerau_levenshtein(name, rule.name);
    let warned = RULES.iter().filter(|rule| rule.verdict == Verdict::Warn);
    match warned.max_by(|a, b| likeness(a).total_cmp(&likeness(b))) {
        Some(rule) if likeness(&rule) > 0.6 => format!("; did you mean {:?}?", rule.name),
        _ => "; see docs/production.md for all rules".to_owned(),
    }
}

/// Adds the violations of production rules to the errors and returns the warnings. Does nothing in
/// development.
pub(super) fn judge(read: &mut Reader<'_>, draft: &Draft, folder: &Path) -> Vec<String> {
    if draft.environment != Some(Environment::Production) {
        return Vec::new();
    }
    let key_origin = read.origin("security.secret_key");
    let public_url_is_default = read.is_default("server.public_url");
    let facts = Facts { draft, public_url_is_default, folder, key_file: file_named_by(&key_origin) };
    let accepted = draft.accept.as_deref().unwrap_or_default();
    let mut warnings = Vec::new();
    for rule in RULES {
        let Some(fault) = (rule.fault)(&facts) else { continue };
        let (name, setting, wants) = (rule.name, rule.setting(), rule.wants);
        let said = format!("{fault}; production expects {wants}");
        match rule.verdict {
            Verdict::Refuse if !has_error(&read.errors, setting) => {
                read.refuse::<()>(setting, said);
            }
            Verdict::Warn if !accepted.iter().any(|accepted| accepted == name) => {
                warnings.push(format!(
                    "{setting}: {said}. If this is intended, add \"{name}\" to production.accept"
                ));
            }
            Verdict::Refuse | Verdict::Warn => {}
        }
    }
    warnings
}

/// Only one error per setting is reported: correcting it may remove the others.
fn has_error(errors: &[ConfigError], setting: &str) -> bool {
    errors.iter().any(|error| matches!(error, ConfigError::Key { key, .. } if key == setting))
}
