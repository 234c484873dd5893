use serde_json::{Value, json};

use super::walk::{Object, each_operation};
use crate::api::middleware::RequestId;

/// Declares the header that every response has, once.
pub fn apply(document: &mut Value) {
    document["components"]["headers"]["RequestId"] = json!({
        "description": "The id of the request, as in the log: that of the request, or a new one",
        "required": true,
        "schema": {
            "type": "string", "minLength": 1, "maxLength": RequestId::LONGEST, "pattern": "^[\\u0021-\\u007e]+$",
        },
    });
    each_operation(document, |_, _, operation| {
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter();
        for response in responses.flat_map(Object::values_mut) {
            response["headers"]["X-Request-Id"] = json!({ "$ref": "#/components/headers/RequestId" });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_response_has_it_beside_its_own_headers() {
        let mut document = json!({ "paths": { "/x": { "get": {
            "responses": { "200": { "headers": { "ETag": {} } }, "400": {} },
        } } } });
        apply(&mut document);
        let responses = &document["paths"]["/x"]["get"]["responses"];
        assert!(responses["200"]["headers"]["ETag"].is_object());
        for status in ["200", "400"] {
            let header = &responses[status]["headers"]["X-Request-Id"];
            assert_eq!(header["$ref"], "#/components/headers/RequestId");
        }
        assert_eq!(document["components"]["headers"]["RequestId"]["schema"]["maxLength"], 128);
    }
}
