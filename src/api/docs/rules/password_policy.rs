use serde_json::{Value, json};

use super::walk::each_schema;
use crate::api::input::NEW_PASSWORD;
use crate::domain::PasswordPolicy;

/// Gives new passwords the lengths that the settings of the service allow.
pub fn apply(document: &mut Value, policy: PasswordPolicy) {
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

    #[test]
    fn a_new_password_has_the_lengths_of_the_policy_and_another_password_has_not() {
        let other = json!({ "type": "string", "format": "password" });
        let new = json!({ "type": "string", "format": NEW_PASSWORD });
        let mut document = json!({ "components": { "schemas": { "New": new, "Other": other.clone() } } });
        apply(&mut document, PasswordPolicy::new(12, 64).unwrap());
        let schemas = &document["components"]["schemas"];
        let expected = json!({ "type": "string", "format": "password", "minLength": 12, "maxLength": 64 });
        assert_eq!(schemas["New"], expected);
        assert_eq!(schemas["Other"], other);
    }
}
