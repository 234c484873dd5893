use serde_json::{Value, json};

use super::walk::each_schema;
use crate::api::docs::settings::DocumentSettings;
use crate::api::input::NEW_PASSWORD;

/// Gives new passwords the lengths that the settings of the service allow.
pub fn apply(document: &mut Value, settings: &DocumentSettings) {
    let policy = settings.password_policy;
    each_schema(document, &mut |schema| {
        if schema.get("format").is_some_and(|format| format == NEW_PASSWORD) {
            schema.insert("format".to_owned(), "password".into());
            schema.insert("minLength".to_owned(), json!(policy.shortest()));
            schema.insert("maxLength".to_owned(), json!(policy.longest()));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PasswordPolicy;

    #[test]
    fn a_new_password_has_the_lengths_of_the_policy_and_another_password_has_not() {
        let other = json!({ "type": "string", "format": "password" });
        let new = json!({ "type": "string", "format": NEW_PASSWORD });
        let mut document = json!({ "components": { "schemas": { "New": new, "Other": other.clone() } } });
        let password_policy = PasswordPolicy::new(12, 64).unwrap();
        apply(
            &mut document,
            &DocumentSettings { password_policy, ..DocumentSettings::from("https://svc.test") },
        );
        let schemas = &document["components"]["schemas"];
        let expected = json!({ "type": "string", "format": "password", "minLength": 12, "maxLength": 64 });
        assert_eq!(schemas["New"], expected);
        assert_eq!(schemas["Other"], other);
    }
}
