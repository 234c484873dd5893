use figment::providers::{Format, Toml};
use figment::value::Dict;

use super::layer::Layers;
use super::schema::flatten;

/// Adds the values of a TOML file as the next layer.
pub(super) fn lay(layers: &mut Layers<'_>, origin: &str, text: &str) {
    match Toml::from_str::<Dict>(text) {
        Ok(table) => {
            let schema = layers.schema;
            let mut layer = layers.layer(str::to_owned);
            flatten("", table, &|name| schema.has(name), &mut |name, value| {
                layer.take(&name, value, origin.to_owned());
            });
        }
        // The error text of the library quotes the line, which may contain a password.
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            layers.refuse(origin, format!("line {line} is not valid TOML: {}", error.message().trim()));
        }
    }
}
