use serde_json::{Value, json};

use crate::api::budget::SERVED_HEAD;
use crate::api::docs::settings::DocumentSettings;
use crate::api::input::METADATA_ROOM;

/// The room for the metadata in the largest body: that of an administrator, who changes both.
const MOST_ROOM: usize = 2 * METADATA_ROOM;

/// Gives the pointer of an invalid value the length that the largest request can make: a member or a
/// parameter whose name is as long as the body or the query allows, where each `/` of the name takes two
/// characters.
pub fn apply(document: &mut Value, settings: &DocumentSettings) {
    if let Some(pointer) = document.pointer_mut("/components/schemas/FieldError/properties/pointer") {
        pointer["maxLength"] = json!(2 * (settings.body_bytes + MOST_ROOM).max(SERVED_HEAD) + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_may_be_twice_as_long_as_a_request() {
        for (body_bytes, most) in [(1024, 100_353), (16_384, 131_073)] {
            let error = json!({ "properties": { "pointer": { "type": "string" } } });
            let mut document = json!({ "components": { "schemas": { "FieldError": error } } });
            apply(
                &mut document,
                &DocumentSettings { body_bytes, ..DocumentSettings::from("https://svc.test") },
            );
            let pointer = &document["components"]["schemas"]["FieldError"]["properties"]["pointer"];
            assert_eq!(pointer["maxLength"], most);
        }
    }
}
