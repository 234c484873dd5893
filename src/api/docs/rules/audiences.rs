use std::fmt::Write;

use serde_json::{Value, json};

use super::walk::components;
use crate::api::docs::settings::DocumentSettings;

const MEMBER: &str = "audience";
/// The characters of a pattern that have a meaning (ECMA 262).
const SYNTAX: &str = r"^$\.*+?()[]{}|/";

/// Says of an audience in a body which ones the settings of the service allow. The first one is the example.
pub fn apply(document: &mut Value, settings: &DocumentSettings) {
    let audiences = &settings.audiences;
    let alternatives: Vec<_> = audiences.iter().map(|audience| literal(audience)).collect();
    let pattern = format!("^(?:{})$", alternatives.join("|"));
    for (_, schema) in components(document) {
        let Some(member) = schema.pointer_mut(&format!("/properties/{MEMBER}")) else { continue };
        member["pattern"] = json!(pattern);
        member["example"] = json!(audiences.first());
        if let Some(example) = schema.pointer_mut(&format!("/example/{MEMBER}")) {
            *example = json!(audiences.first());
        }
    }
}

/// A pattern that matches this text alone.
fn literal(text: &str) -> String {
    text.chars().fold(String::new(), |mut pattern, character| {
        let escape = if SYNTAX.contains(character) { "\\" } else { "" };
        let _ = write!(pattern, "{escape}{character}");
        pattern
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_one_of_those_of_the_settings() {
        let body =
            json!({ "properties": { "audience": { "type": "string" } }, "example": { "audience": "x" } });
        let mut document = json!({ "components": { "schemas": { "Body": body } } });
        let audiences = vec!["https://a.example/b".to_owned(), "shop".to_owned()];
        apply(&mut document, &DocumentSettings { audiences, ..DocumentSettings::from("https://svc.test") });
        let body = &document["components"]["schemas"]["Body"];
        let member = &body["properties"]["audience"];
        assert_eq!(member["pattern"], r"^(?:https:\/\/a\.example\/b|shop)$");
        assert_eq!(
            (&member["example"], &body["example"]["audience"]),
            (&json!("https://a.example/b"), &member["example"])
        );
    }
}
