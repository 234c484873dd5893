use serde_json::{Map, Value, json};

use super::walk::components;
use crate::domain::Metadata;

/// The component of objects with members of any name.
const NAME: &str = "Metadata";

/// States which values metadata may have, at each level: numbers that every parser reads, names and texts
/// that every database stores, and no more levels than allowed.
///
/// The values are below `then`, which generators ignore, so that they make a map of any values of it instead
/// of a type per level.
pub fn apply(document: &mut Value) {
    for (_, schema) in components(document).filter(|(name, _)| *name == NAME) {
        schema["propertyNames"] = names();
        schema["if"] = json!(true);
        schema["then"] = json!({ "additionalProperties": reference(2) });
        schema["$defs"] = definitions().into();
    }
}

/// The values of each level below the metadata, which is the first.
fn definitions() -> Map<String, Value> {
    let scalar = json!({ "anyOf": [
        { "type": ["boolean", "null"] },
        { "type": "number", "minimum": -Metadata::GREATEST, "maximum": Metadata::GREATEST },
        { "type": "string", "maxLength": Metadata::LONGEST, "pattern": "^[^\\u0000]*$" },
    ] });
    let levels = 2..=Metadata::DEEPEST;
    let nested = levels.map(|level| {
        let inner = reference(level + 1);
        let list = json!({ "type": "array", "maxItems": Metadata::LONGEST, "items": inner });
        let object = json!({ "type": "object", "propertyNames": names(), "additionalProperties": inner });
        (format!("level{level}"), json!({ "anyOf": [reference(Metadata::DEEPEST + 1), list, object] }))
    });
    nested.chain([(format!("level{}", Metadata::DEEPEST + 1), scalar)]).collect()
}

fn reference(level: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/{NAME}/$defs/level{level}") })
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
    fn metadata_has_as_many_levels_as_it_may_have() {
        let mut document = json!({ "components": { "schemas": { "Metadata": { "type": "object" } } } });
        apply(&mut document);
        let mut schema = &document["components"]["schemas"]["Metadata"];
        assert_eq!(schema["propertyNames"]["pattern"], r"^(?!\$serde_json::private::)[^\u0000]*$");
        schema = &schema["then"]["additionalProperties"];
        let mut levels = 1;
        let scalar = loop {
            let place = schema["$ref"].as_str().and_then(|place| place.strip_prefix('#')).unwrap();
            let values = document.pointer(place).unwrap();
            let Some(object) = values.pointer("/anyOf/2/additionalProperties") else { break values };
            assert_eq!(object, &values["anyOf"][1]["items"], "{place}");
            (schema, levels) = (object, levels + 1);
        };
        assert_eq!(levels, Metadata::DEEPEST);
        assert_eq!(scalar["anyOf"][1]["maximum"], json!(9_007_199_254_740_991.0));
        assert_eq!(scalar["anyOf"][2]["pattern"], r"^[^\u0000]*$");
    }
}
