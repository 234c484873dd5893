use serde_json::{Value, json};

use super::walk::each_operation;

/// What a response is good for next: the operation, the link's name, the next operation, where its value goes
/// and where it is in the response.
const LINKS: &[(&str, &str, &str, Target, &str)] = &[
    ("register", "user", "show_user", Target::Parameter("id"), "id"),
    ("log_in", "refresh", "refresh", Target::Body("refresh_token"), "refresh_token"),
    ("log_in", "log_out", "log_out", Target::Body("refresh_token"), "refresh_token"),
    ("refresh", "refresh", "refresh", Target::Body("refresh_token"), "refresh_token"),
    ("list_users", "first_user", "show_user", Target::Parameter("id"), "items/0/id"),
    ("create_user", "user", "show_user", Target::Parameter("id"), "id"),
    ("list_sessions", "first_session", "revoke_session", Target::Parameter("id"), "items/0/id"),
];

/// Where the next request has the value.
#[derive(Clone, Copy)]
enum Target {
    Parameter(&'static str),
    Body(&'static str),
}

/// Adds the links to the success responses, with the parameters of the path that both operations have. An
/// operation with pages leads to its next page.
pub fn apply(document: &mut Value) {
    each_operation(document, |path, _, operation| {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let has_pages = parameters.into_iter().flatten().any(|parameter| parameter["name"] == "cursor");
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
        let Some((_, response)) = responses.into_iter().find(|(status, _)| status.starts_with('2')) else {
            return;
        };
        let next_page = ("", "next_page", &*id, Target::Parameter("cursor"), "next_cursor");
        let links = LINKS.iter().copied().filter(|(from, ..)| *from == id);
        for (_, name, next, target, source) in links.chain(has_pages.then_some(next_page)) {
            let value = format!("$response.body#/{source}");
            let mut link = json!({ "operationId": next });
            match target {
                Target::Parameter(parameter) => link["parameters"][parameter] = value.into(),
                // A text with an expression in it: openapi-generator refuses an object here.
                Target::Body(member) => {
                    link["requestBody"] = json!({ member: format!("{{{value}}}") }).to_string().into();
                }
            }
            if next == id && path.contains("{id}") {
                link["parameters"]["id"] = "$request.path.id".into();
            }
            response["links"][name] = link;
        }
    });
}

/// How many links there are apart from those to the next page.
#[cfg(test)]
pub(super) const fn count() -> usize {
    LINKS.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_leads_to_the_next_operation() {
        let operation = |id: &str| json!({ "operationId": id, "responses": { "200": {}, "400": {} } });
        let mut page = operation("list_user_sessions");
        page["parameters"] = json!([{ "name": "id" }, { "name": "cursor" }]);
        let mut document = json!({ "paths": {
            "/login": { "post": operation("log_in") },
            "/users/{id}/sessions": { "get": page },
            "/health": { "get": operation("health") },
        } });
        apply(&mut document);
        let paths = &document["paths"];
        let links = &paths["/login"]["post"]["responses"]["200"]["links"];
        let body = r#"{"refresh_token":"{$response.body#/refresh_token}"}"#;
        assert_eq!(links["refresh"], json!({ "operationId": "refresh", "requestBody": body }));
        let parameters = json!({ "cursor": "$response.body#/next_cursor", "id": "$request.path.id" });
        let links = &paths["/users/{id}/sessions"]["get"]["responses"]["200"]["links"];
        assert_eq!(links["next_page"]["parameters"], parameters);
        assert_eq!(paths["/health"]["get"], operation("health"));
    }
}
