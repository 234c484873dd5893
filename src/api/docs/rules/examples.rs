use serde_json::Value;

use super::walk::components;

/// Members whose example is another one than that of their type: component, member and value. A change to the
/// value that there already is would be refused, or change nothing.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("ChangeEmailBody", "new_email", "ada@example.org"),
    ("ChangePasswordBody", "new_password", "another horse battery"),
];

/// Members that the example of a body leaves out, because another one of it excludes them.
const LEFT_OUT: &[(&str, &str)] = &[("CreateUserBody", "password")];

/// Gives these members an example of their own, in the example of the body too.
pub fn apply(document: &mut Value) {
    for (component, schema) in components(document) {
        for (_, member) in LEFT_OUT.iter().filter(|(name, _)| name == component) {
            if let Some(body) = schema["example"].as_object_mut() {
                body.shift_remove(*member);
            }
        }
        for (_, member, value) in MEMBERS.iter().filter(|(name, ..)| name == component) {
            schema["properties"][member]["example"] = (*value).into();
            schema["example"][member] = (*value).into();
        }
    }
}

/// The component and the member of each row.
#[cfg(test)]
pub(super) fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let changed = MEMBERS.iter().map(|(component, member, _)| (*component, *member));
    changed.chain(LEFT_OUT.iter().copied())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_has_no_members_that_exclude_each_other() {
        let body = json!({ "example": { "password": "p", "invite": true } });
        let mut document = json!({ "components": { "schemas": { "CreateUserBody": body } } });
        apply(&mut document);
        let body = &document["components"]["schemas"]["CreateUserBody"];
        assert_eq!(body["example"], json!({ "invite": true }));
    }

    #[test]
    fn a_change_has_another_value() {
        let body = json!({
            "properties": { "new_email": { "example": "x" }, "password": { "example": "p" } },
            "example": { "new_email": "x", "password": "p" },
        });
        let mut document = json!({ "components": { "schemas": { "ChangeEmailBody": body } } });
        apply(&mut document);
        let body = &document["components"]["schemas"]["ChangeEmailBody"];
        assert_eq!(body["example"], json!({ "new_email": "ada@example.org", "password": "p" }));
        assert_eq!(body["properties"]["new_email"]["example"], "ada@example.org");
    }
}
