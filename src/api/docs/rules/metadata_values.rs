use serde_json::{Value, json};

use super::walk::components;
use crate::domain::Metadata;

/// The component of objects with members of any name.
const NAME: &str = "Metadata";

/// States which values metadata may have, at each level: numbers that every parser reads, and names and texts
/// that every database stores.
///
/// A value refers to itself, so the schema does not count the levels. A definition per level would: but each
/// refers to the next one twice, and tools that follow references would meet the last one 65,536 times.
///
/// Arrays have no `maxItems`, either: the length of the whole limits them. With a number, tools that make the
/// smallest array that is too long would make one of such arrays at each level, which is more than the memory
/// of a machine.
///
/// The values are below `then`, which generators ignore, so that they make a map of any values of it, and no
/// type that refers to itself.
pub fn apply(document: &mut Value) {
    for (_, schema) in components(document).filter(|(name, _)| *name == NAME) {
        schema["propertyNames"] = names();
        // The empty schema, which every value matches.
        schema["if"] = json!({});
        schema["then"] = json!({ "additionalProperties": { "anyOf": [
            { "type": ["boolean", "null"] },
            { "type": "number", "minimum": -Metadata::GREATEST, "maximum": Metadata::GREATEST },
            { "type": "string", "maxLength": Metadata::LONGEST, "pattern": "^[^\\u0000]*$" },
            { "type": "array", "items": value() },
            { "type": "object", "propertyNames": names(), "additionalProperties": value() },
        ] } });
    }
}

fn value() -> Value {
    json!({ "$ref": format!("#/components/schemas/{NAME}/then/additionalProperties") })
}

fn names() -> Value {
    json!({
        "maxLength": Metadata::LONGEST,
        "pattern": format!("^(?!{})[^\\u0000]*$", Metadata::RESERVED.replace('$', "\\$")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_all_levels_follow_the_rules() {
        let mut document = json!({ "components": { "schemas": { "Metadata": { "type": "object" } } } });
        apply(&mut document);
        let schema = &document["components"]["schemas"]["Metadata"];
        assert_eq!(schema["propertyNames"]["pattern"], r"^(?!\$serde_json::private::)[^\u0000]*$");
        let values = &schema["then"]["additionalProperties"];
        let [_, number, text, list, object] = values["anyOf"].as_array().unwrap().as_slice() else {
            panic!("{document}");
        };
        assert_eq!(number["maximum"], json!(9_007_199_254_740_991.0));
        assert_eq!(text["pattern"], r"^[^\u0000]*$");
        for inner in [&list["items"], &object["additionalProperties"]] {
            let place = inner["$ref"].as_str().and_then(|place| place.strip_prefix('#')).unwrap();
            assert_eq!(document.pointer(place), Some(values));
        }
        assert_eq!(list["maxItems"], Value::Null, "it would be multiplied at each level");
        assert_eq!(object["propertyNames"], schema["propertyNames"]);
    }
}
