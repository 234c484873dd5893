//! Rules that turn the document of poem-openapi, OpenAPI 3.0, into the one that is served: OpenAPI 3.1 that
//! generators of clients understand completely.
//!
//! **Here**: one file per rule. Each has a function `apply` that changes the whole document, and its data, if
//! it has any, as a table. They run once, when the document is made.
//!
//! **To add one**: a file with a unit test, and a line in [`RULES`] or [`OF_INSTALLATION`].

mod alternatives;
mod audiences;
mod body_limit;
mod bounds;
mod cookie_names;
mod examples;
mod extensible;
mod links;
mod metadata;
mod metadata_values;
mod named_enums;
mod null;
mod numbers;
mod password_policy;
mod plain_references;
mod request_id;
mod samples;
mod servers;
mod version;
mod walk;

use serde_json::Value;

use super::settings::DocumentSettings;

/// The rules that depend on the installation. They come first.
const OF_INSTALLATION: &[fn(&mut Value, &DocumentSettings)] =
    &[password_policy::apply, audiences::apply, body_limit::apply, cookie_names::apply];

/// All other rules, in order: each one relies on those before it.
const RULES: &[fn(&mut Value)] = &[
    version::apply,
    servers::apply,
    plain_references::apply,
    named_enums::apply,
    metadata::apply,
    extensible::apply,
    numbers::apply,
    bounds::apply,
    request_id::apply,
    null::apply,
    alternatives::apply,
    metadata_values::apply,
    examples::apply,
    links::apply,
    samples::apply,
];

/// Applies all rules.
pub(super) fn apply(document: &mut Value, settings: &DocumentSettings) {
    for rule in OF_INSTALLATION {
        rule(document, settings);
    }
    for rule in RULES {
        rule(document);
    }
}

#[cfg(test)]
mod tests;
