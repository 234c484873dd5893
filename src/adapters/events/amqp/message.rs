use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use serde_json::Value;
use uuid::Uuid;

use crate::adapters::events::cloud_events;
use crate::domain::Cause;
use crate::ports::events::StoredEvent;

/// The media type of structured CloudEvents (CloudEvents JSON format 1.0, section 3).
const CONTENT_TYPE: &str = "application/cloudevents+json";
/// Makes the broker keep a message on disk (AMQP 0-9-1, `delivery-mode`).
const PERSISTENT: u8 = 2;

/// Returns the body and the properties of the message for an event. `None` when the event's data is not JSON.
/// `cause` has the place of the message in the trace of the event.
pub(super) fn outgoing(
    source: &str,
    event: &StoredEvent,
    cause: &Cause,
) -> Option<(Vec<u8>, BasicProperties)> {
    let envelope = cloud_events::envelope(source, event)?;
    let seconds = u64::try_from(event.at.as_micros() / 1_000_000).unwrap_or(0);
    let properties = BasicProperties::default()
        .with_content_type(CONTENT_TYPE.into())
        .with_delivery_mode(PERSISTENT)
        .with_message_id(ShortString::from(event.id.to_string()))
        .with_timestamp(seconds)
        .with_type(ShortString::from(&event.type_name[..event.type_name.floor_char_boundary(255)]))
        .with_app_id("svc".into())
        .with_headers(headers(&envelope, cause));
    let properties = match event.cause.request {
        Some(request) => properties.with_correlation_id(request.as_str().into()),
        None => properties,
    };
    Some((envelope.to_string().into_bytes(), properties))
}

/// The attributes of the envelope as headers, so that a consumer can select events, and continue their trace,
/// before it parses them (CloudEvents AMQP binding 1.0, sections 3.1.3 and 3.2.3). Tracing libraries read
/// `traceparent` and `tracestate` without the prefix: where the service records traces, that is the place of
/// the message, below that of the event.
fn headers(envelope: &Value, cause: &Cause) -> FieldTable {
    let mut headers = FieldTable::default();
    for (name, value) in envelope.as_object().into_iter().flatten() {
        let Some(text) = value.as_str().filter(|_| name != "datacontenttype") else { continue };
        headers.insert(format!("cloudEvents:{name}").into(), AMQPValue::LongString(text.into()));
    }
    let trace = cause.trace.map(|trace| ("traceparent", trace.to_string()));
    let state = cause.state.as_ref().map(|state| ("tracestate", state.as_str().to_owned()));
    for (name, text) in [trace, state].into_iter().flatten() {
        headers.insert(name.into(), AMQPValue::LongString(text.into()));
    }
    headers
}

/// Returns the id of the event in a message, or the reason why the message has none.
pub(super) fn event_id(body: &[u8]) -> Result<Uuid, String> {
    let value: Value =
        serde_json::from_slice(body).map_err(|_| "the message is not valid JSON".to_owned())?;
    match value["specversion"].as_str() {
        Some("1.0") => {}
        Some(other) => {
            let other: String = other.chars().take(20).collect();
            return Err(format!("unsupported specversion {other:?}: expected 1.0"));
        }
        None => return Err("not a CloudEvent: the message has no specversion".to_owned()),
    }
    let id = value["id"].as_str().and_then(|id| Uuid::try_parse(id).ok());
    id.ok_or_else(|| "not an event of this service: the id is not a UUID".to_owned())
}

/// Returns a text member of a message, without validating the message.
pub(super) fn says(body: &[u8], member: &str) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    value[member].as_str().map(str::to_owned)
}

/// Returns the first characters of a message, by which an operator can recognize one without an event id.
pub(super) fn beginning(body: &[u8]) -> String {
    const LETTERS: usize = 40;
    // A character of UTF-8 has at most four bytes.
    String::from_utf8_lossy(&body[..body.len().min(4 * LETTERS)]).chars().take(LETTERS).collect()
}

/// Returns the broker's reason for dead-lettering a message. The count beside the reason does not show how
/// often the message was delivered: on 3.10 it restarts when the message enters the queue of dead letters,
/// and on 4.0 with the first read there.
pub(super) fn death(properties: &BasicProperties) -> Option<String> {
    match properties.headers().as_ref()?.inner().get("x-death")? {
        AMQPValue::FieldArray(deaths) => match deaths.as_slice().first()? {
            AMQPValue::FieldTable(death) => death.inner().get("reason").and_then(text),
            _ => None,
        },
        _ => None,
    }
}

fn text(value: &AMQPValue) -> Option<String> {
    match value {
        AMQPValue::LongString(text) => Some(text.to_string()),
        AMQPValue::ShortString(text) => Some(text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_without_an_event_are_distinguished() {
        let id = "01990000-0000-7000-8000-000000000001";
        let good = format!(r#"{{"specversion":"1.0","id":"{id}"}}"#);
        assert_eq!(event_id(good.as_bytes()), Ok(id.parse().unwrap()));
        for (body, reported) in [
            ("not json", "not valid JSON"),
            ("[]", "not a CloudEvent"),
            ("{}", "no specversion"),
            (r#"{"specversion":"2.0","id":"x"}"#, "\"2.0\""),
            (r#"{"specversion":"1.0"}"#, "not a UUID"),
            (r#"{"specversion":"1.0","id":"x"}"#, "not a UUID"),
        ] {
            assert!(event_id(body.as_bytes()).unwrap_err().contains(reported), "{body}");
        }
        assert!(event_id(&[0xff, 0xfe]).is_err());
    }
}
