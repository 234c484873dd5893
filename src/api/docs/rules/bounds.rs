use serde_json::{Value, json};

use super::walk::{Object, components, each_operation, each_schema};
use crate::api::cookies;
use crate::api::input::{Cursor, Limit};
use crate::api::middleware::RequestId;
use crate::api::problem::MOST_ERRORS;
use crate::domain::{Client, DisplayName, Email, OneLine as _};

/// The greatest length of a text of each format.
const FORMATS: [(&str, usize); 3] = [("uuid", 36), ("date-time", 35), ("uri", 2048)];

/// The greatest length of texts, and the most items of lists: component, member and bound.
pub(super) const MEMBERS: &[(&str, &str, usize)] = &[
    ("FieldError", "detail", 500),
    ("Health", "checks", 20),
    ("HealthCheck", "missing_right", 500),
    ("HealthCheck", "name", 64),
    ("Invitation", "email", 254),
    ("Invitation", "name", 100),
    ("JsonWebKey", "alg", 16),
    ("JsonWebKey", "crv", 16),
    ("JsonWebKey", "e", 16),
    ("JsonWebKey", "kid", 128),
    ("JsonWebKey", "kty", 16),
    ("JsonWebKey", "n", 1024),
    ("JsonWebKey", "use", 16),
    ("JsonWebKey", "x", 128),
    ("JsonWebKey", "y", 128),
    ("KeySet", "keys", 1000),
    ("Problem", "detail", 500),
    ("Problem", "errors", MOST_ERRORS),
    ("Problem", "request_id", RequestId::LONGEST),
    ("Problem", "title", 100),
    ("ServerMetadata", "claims_supported", 40),
    ("ServerMetadata", "grant_types_supported", 20),
    ("ServerMetadata", "id_token_signing_alg_values_supported", 20),
    ("ServerMetadata", "issuer", 2048),
    ("ServerMetadata", "jwks_uri", 2048),
    ("ServerMetadata", "response_types_supported", 20),
    ("ServerMetadata", "service_documentation", 2048),
    ("ServerMetadata", "subject_types_supported", 20),
    ("Session", "client_address", 45),
    ("Session", "client_agent", Client::LONGEST_AGENT),
    ("Session", "label", 100),
    ("TokenPair", "access_token", 8192),
    ("TokenPair", "refresh_token", 128),
    ("TokenPair", "token_type", 16),
    ("User", "email", Email::LONGEST),
    ("User", "locale", 35),
    ("User", "name", DisplayName::LONGEST),
];

/// The bounds of the members of any page.
const OF_PAGES: [(&str, usize); 2] = [("items", Limit::MOST as usize), ("next_cursor", Cursor::LENGTH)];

/// The greatest length of the value of any other header of a request or a response than `Set-Cookie`.
const HEADER: usize = 1024;
/// The greatest length of a text in a list of the server metadata: of the name of a claim.
const WORD: usize = 128;

/// Gives every text a greatest length and every list a greatest number of items.
pub fn apply(document: &mut Value) {
    for (component, schema) in components(document) {
        let of_page = OF_PAGES.iter().filter(|_| component.ends_with("Page"));
        let members = MEMBERS.iter().filter(|(name, ..)| name == component);
        let members = members.map(|(_, member, most)| (member, most));
        for (member, most) in members.chain(of_page.map(|(member, most)| (member, most))) {
            if let Some(member) = schema.pointer_mut(&format!("/properties/{member}")) {
                let is_list = member["type"] == "array";
                member[if is_list { "maxItems" } else { "maxLength" }] = json!(most);
                if let Some(items) = member.get_mut("items").filter(|items| items["type"] == "string") {
                    items["maxLength"] = json!(WORD);
                }
            }
        }
    }
    each_operation(document, |_, _, operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["in"] == "header") {
            parameter["schema"]["maxLength"] = json!(HEADER);
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter();
        let headers =
            responses.flat_map(Object::values_mut).filter_map(|response| response.get_mut("headers"));
        for (name, header) in headers.filter_map(Value::as_object_mut).flatten() {
            if header["schema"]["type"] == "string" {
                let most = if name == "Set-Cookie" { cookies::LONGEST } else { HEADER };
                header["schema"]["maxLength"] = json!(most);
            }
        }
    });
    each_schema(document, &mut |schema| {
        let format = schema.get("format").and_then(Value::as_str);
        let known = format.and_then(|format| FORMATS.iter().find(|(name, _)| *name == format));
        if let (Some((_, most)), None) = (known, schema.get("maxLength")) {
            schema.insert("maxLength".to_owned(), json!(most));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_lists_have_bounds() {
        let text = json!({ "type": "string" });
        let mut document = json!({
            "components": { "schemas": {
                "User": { "properties": { "id": { "type": "string", "format": "uuid" }, "name": text.clone() } },
                "UserPage": { "properties": { "items": { "type": "array", "items": {} } } },
            } },
            "paths": { "/x": { "get": {
                "parameters": [{ "in": "header", "schema": text.clone() }],
                "responses": { "200": { "headers": { "ETag": { "schema": text.clone() }, "Set-Cookie": { "schema": text } } } },
            } } },
        });
        apply(&mut document);
        let (schemas, get) = (&document["components"]["schemas"], &document["paths"]["/x"]["get"]);
        assert_eq!(schemas["User"]["properties"]["id"]["maxLength"], 36);
        assert_eq!(schemas["User"]["properties"]["name"]["maxLength"], 100);
        assert_eq!(schemas["UserPage"]["properties"]["items"]["maxItems"], 200);
        assert_eq!(get["parameters"][0]["schema"]["maxLength"], 1024);
        let headers = &get["responses"]["200"]["headers"];
        assert_eq!(headers["ETag"]["schema"]["maxLength"], 1024);
        assert_eq!(headers["Set-Cookie"]["schema"]["maxLength"], 4096);
    }
}
