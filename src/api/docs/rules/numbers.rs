use serde_json::{Value, json};

use super::walk::{Object, each_schema};

/// The greatest whole number that every JSON parser reads exactly (RFC 8259, section 6).
const MOST: u64 = (1 << 53) - 1;

/// Gives each whole number a format that OpenAPI knows, and bounds. No number of the API is negative.
pub fn apply(document: &mut Value) {
    each_schema(document, &mut bounded);
}

fn bounded(schema: &mut Object) {
    if schema.get("type").is_none_or(|kind| kind != "integer") {
        return;
    }
    let (format, most) = match schema.get("format").and_then(Value::as_str) {
        Some("uint32") => ("int64", u64::from(u32::MAX)),
        Some("int64" | "uint64") => ("int64", MOST),
        _ => ("int32", i32::MAX as u64),
    };
    schema.insert("format".to_owned(), format.into());
    for (name, bound) in [("minimum", 0), ("maximum", most)] {
        // poem-openapi writes bounds as numbers with a fraction.
        let given = schema.get(name).and_then(Value::as_f64).and_then(|given| given.to_string().parse().ok());
        schema.insert(name.to_owned(), json!(given.unwrap_or(bound)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_known_format_and_bounds() {
        let mut document = json!({ "components": { "schemas": {
            "A": { "type": "integer", "format": "uint64" },
            "B": { "type": "integer", "format": "int32", "minimum": 1.0, "maximum": 200.0 },
            "C": { "type": "integer" },
            "D": { "type": "string" },
        } } });
        apply(&mut document);
        let (schemas, int) = (&document["components"]["schemas"], "integer");
        let most = 9_007_199_254_740_991_u64;
        assert_eq!(schemas["A"], json!({ "type": int, "format": "int64", "minimum": 0, "maximum": most }));
        assert_eq!(schemas["B"], json!({ "type": int, "format": "int32", "minimum": 1, "maximum": 200 }));
        let third = json!({ "type": int, "format": "int32", "minimum": 0, "maximum": 2_147_483_647 });
        assert_eq!(schemas["C"], third);
        assert_eq!(schemas["D"], json!({ "type": "string" }));
    }
}
