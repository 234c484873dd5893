use serde_json::Value;

/// Says of each server that it is for clients, not for internal use only.
pub fn apply(document: &mut Value) {
    for server in document.get_mut("servers").and_then(Value::as_array_mut).into_iter().flatten() {
        server["description"] = "This service".into();
        server["x-internal"] = false.into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_is_for_clients() {
        let mut document = json!({ "servers": [{ "url": "https://x.test" }] });
        apply(&mut document);
        assert_eq!(
            (&document["servers"][0]["url"], &document["servers"][0]["x-internal"]),
            (&json!("https://x.test"), &json!(false))
        );
    }
}
