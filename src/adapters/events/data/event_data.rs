use serde_json::Value;

use super::schema::object;
use crate::domain::User;

/// The data of events as JSON, with its schema. A change of the JSON needs a new version of the event types
/// that have it.
pub(super) trait EventData {
    /// The name of the schema. Data of the same shape has the same one.
    const SCHEMA: &'static str;
    /// The description of the schema.
    const ABOUT: &'static str;

    fn json(&self) -> Value;

    /// The schema of each member.
    fn properties() -> Value;

    /// The user whose metadata the JSON may contain.
    fn user(&self) -> Option<&User> {
        None
    }
}

/// The name and the schema of the data.
pub(super) fn schema<T: EventData>() -> (&'static str, Value) {
    (T::SCHEMA, object(T::SCHEMA, T::ABOUT, &T::properties()))
}

/// Implements [`EventData`] for a type of `domain`: the name and the description of the schema, then each
/// member with its value and its schema.
macro_rules! event_data {
    ($data:ident = $schema:literal, $about:literal, |$value:pat_param| {
        $($member:literal: $json:expr, $property:expr;)+
    }) => {
        impl $crate::adapters::events::data::event_data::EventData for $crate::domain::$data {
            const SCHEMA: &'static str = $schema;
            const ABOUT: &'static str = $about;

            fn json(&self) -> serde_json::Value {
                let $value = self;
                serde_json::json!({ $($member: $json),+ })
            }

            fn properties() -> serde_json::Value {
                serde_json::json!({ $($member: $property),+ })
            }
        }
    };
}
pub(super) use event_data;
