//! Rules that turn the document of poem-openapi, OpenAPI 3.0, into the one that is served: OpenAPI 3.1 that
//! generators of clients understand completely.
//!
//! **Here**: one file per rule. Each has a function `apply` that changes the whole document, and its data, if
//! it has any, as a table. They run once, when the document is made.
//!
//! **To add one**: a file with a unit test, and a line in [`RULES`].

mod audiences;
mod bounds;
mod extensible;
mod links;
mod named_enums;
mod null;
mod numbers;
mod password_policy;
mod plain_references;
mod samples;
mod servers;
mod version;
mod walk;

use serde_json::Value;

use super::settings::DocumentSettings;

/// All rules, in order: each one relies on those before it.
const RULES: &[fn(&mut Value)] = &[
    version::apply,
    servers::apply,
    plain_references::apply,
    named_enums::apply,
    extensible::apply,
    numbers::apply,
    bounds::apply,
    null::apply,
    links::apply,
    samples::apply,
];

/// Applies all rules.
pub(super) fn apply(document: &mut Value, settings: &DocumentSettings) {
    password_policy::apply(document, settings.password_policy);
    audiences::apply(document, &settings.audiences);
    for rule in RULES {
        rule(document);
    }
}

#[cfg(test)]
mod tests;
