use serde_json::{Value, json};

use super::walk::components;

/// The component of the data of a new user.
const NAME: &str = "CreateUserBody";

/// States that a new user has either a password or an invitation. The condition is not in a list of
/// alternatives (`oneOf`): generators make several types of such a list, and ignore a condition.
pub fn apply(document: &mut Value) {
    for (_, schema) in components(document).filter(|(name, _)| *name == NAME) {
        schema["if"] = json!({ "required": ["invite"], "properties": { "invite": { "const": true } } });
        schema["then"] = json!({ "properties": { "password": { "type": "null" } } });
        schema["else"] =
            json!({ "required": ["password"], "properties": { "password": { "not": { "type": "null" } } } });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_required_without_an_invitation_and_forbidden_with_one() {
        let other = json!({ "type": "object" });
        let mut document = json!({ "components": { "schemas": { "CreateUserBody": other.clone(), "Other": other.clone() } } });
        apply(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["CreateUserBody"]["if"]["properties"]["invite"], json!({ "const": true }));
        assert_eq!(schemas["CreateUserBody"]["if"]["required"], json!(["invite"]), "it is absent by default");
        assert_eq!(schemas["CreateUserBody"]["then"]["properties"]["password"], json!({ "type": "null" }));
        assert_eq!(schemas["CreateUserBody"]["else"]["required"], json!(["password"]));
        assert_eq!(schemas["Other"], other);
    }
}
