//! The AsyncAPI document: channels, messages and how RabbitMQ has them.

use serde_json::{Map, Value, json};

use super::envelope::envelope;
use super::sample::sample;
use crate::adapters::events::amqp::topology::Names;
use crate::adapters::events::data;
use crate::domain::EventType;

const INTRODUCTION: &str = "Changes of users, sessions, bans and signing keys, replays of events and deletions of dead letters, delivered at \
     least once. An event \
     can arrive more than once with the same `id`. For the changes of one user, session, ban or key, a later event has a higher `data.version`. \
     New members can be added to `data`; an incompatible change is a new version of the type.";

/// The media type of a message.
const CONTENT_TYPE: &str = "application/cloudevents+json";
/// The version of the binding for AMQP 0-9-1.
const BINDING: &str = "0.3.0";

/// Where an installation publishes its events.
#[derive(Clone, Debug)]
pub struct EventPlace {
    /// `source` of the events: the public URL of the service.
    pub source: String,
    /// The prefix of the exchange and of the queues of the service.
    pub namespace: String,
    /// The virtual host of the broker; `None` if no broker is configured.
    pub vhost: Option<String>,
}

/// An installation with the default settings at an example URL.
impl Default for EventPlace {
    fn default() -> Self {
        Self { source: "https://auth.example.com".to_owned(), namespace: "svc".to_owned(), vhost: None }
    }
}

/// Returns the AsyncAPI 3.0 document of all events.
#[must_use]
pub fn document(place: &EventPlace) -> Value {
    let names = Names::new(&place.namespace);
    let (mut channels, mut operations) = (Map::new(), Map::new());
    let (mut messages, mut schemas) = (Map::new(), json!({ "Envelope": envelope() }));
    for (name, schema) in data::schemas() {
        schemas[name] = schema;
    }
    for event_type in EventType::ALL {
        let (name, title) = (event_type.name(), title(*event_type));
        let key = Names::routing_key(name).to_string();
        messages.insert(name.to_owned(), message(*event_type, place, &schemas));
        schemas[&title] = payload(*event_type);
        channels.insert(title.clone(), channel(&key, *event_type, &names, place));
        operations.insert(format!("publish{title}"), publish(&title));
    }
    channels.insert("inbox".to_owned(), inbox(&names, place));
    operations.insert("handle".to_owned(), json!({
        "action": "receive",
        "channel": { "$ref": "#/channels/inbox" },
        "title": "Handle events",
        "description": "The worker of the service reads its own events here. Other services have queues of their own.",
        "bindings": { "amqp": { "ack": true, "bindingVersion": BINDING } },
    }));
    schemas["Headers"] = headers();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "svc",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
            "license": { "name": "MIT", "url": "https://opensource.org/license/mit" },
            "contact": { "name": "svc", "url": place.source },
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "rabbitmq": {
                "title": "RabbitMQ",
                "host": "{host}",
                "pathname": "/{vhost}",
                "protocol": "amqps",
                "protocolVersion": "0.9.1",
                "description": "The broker of the installation (`queue.url`), with a user of your own.",
                "variables": {
                    "host": {
                        "default": "rabbitmq.example.com:5671",
                        "description": "Host and port of the broker.",
                    },
                    "vhost": {
                        "default": place.vhost.as_deref().unwrap_or("svc"),
                        "description": "Virtual host.",
                    },
                },
                "security": [{ "$ref": "#/components/securitySchemes/user" }],
            },
        },
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": schemas,
            "securitySchemes": { "user": { "type": "userPassword", "description": "A user of RabbitMQ." } },
        },
    })
}

/// The name of the types of an event in generated code: `UserRegisteredV1`.
fn title(event_type: EventType) -> String {
    let name = event_type.name();
    let words = name.split_once('.').map_or(name, |(_, rest)| rest).split(['.', '_']);
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
    };
    words.filter_map(capital).collect()
}

/// The channel of an event: the exchange, and the routing key as the address.
fn channel(key: &str, event_type: EventType, names: &Names, place: &EventPlace) -> Value {
    let (name, summary) = (event_type.name(), event_type.summary());
    json!({
        "address": key,
        "title": title(event_type),
        "summary": summary,
        "description": format!(
            "Published to the topic exchange `{}` with the routing key `{key}`. A consumer binds a queue of its own.",
            names.exchange
        ),
        "servers": [{ "$ref": "#/servers/rabbitmq" }],
        "messages": { name: { "$ref": format!("#/components/messages/{name}") } },
        "bindings": { "amqp": {
            "is": "routingKey",
            "exchange": in_vhost(place, json!({
                "name": names.exchange.as_str(), "type": "topic", "durable": true, "autoDelete": false,
            })),
            "bindingVersion": BINDING,
        } },
    })
}

/// The exchange or queue with its virtual host, if one is configured. A reader would take a wrong one for the
/// place where it is.
fn in_vhost(place: &EventPlace, mut binding: Value) -> Value {
    if let Some(vhost) = &place.vhost {
        binding["vhost"] = json!(vhost);
    }
    binding
}

fn publish(title: &str) -> Value {
    json!({
        "action": "send",
        "channel": { "$ref": format!("#/channels/{title}") },
        "title": format!("Publish {title}"),
        "bindings": { "amqp": {
            "deliveryMode": 2, "mandatory": true, "timestamp": true, "bindingVersion": BINDING,
        } },
    })
}

/// The queue of the service itself.
fn inbox(names: &Names, place: &EventPlace) -> Value {
    let messages: Map<String, Value> = EventType::ALL
        .iter()
        .map(|event_type| event_type.name())
        .map(|name| (name.to_owned(), json!({ "$ref": format!("#/components/messages/{name}") })))
        .collect();
    json!({
        "address": names.inbox.as_str(),
        "title": "Inbox",
        "summary": "The queue of the worker of the service.",
        "description": "A quorum queue, bound to the exchange by `#`. It is not for other services.",
        "servers": [{ "$ref": "#/servers/rabbitmq" }],
        "messages": messages,
        "bindings": { "amqp": {
            "is": "queue",
            "queue": in_vhost(place, json!({
                "name": names.inbox.as_str(), "durable": true, "exclusive": false, "autoDelete": false,
            })),
            "bindingVersion": BINDING,
        } },
    })
}

fn message(event_type: EventType, place: &EventPlace, schemas: &Value) -> Value {
    let (name, title, summary) = (event_type.name(), title(event_type), event_type.summary());
    let mut example = sample(&schemas["Envelope"], schemas);
    example["source"] = json!(place.source);
    example["type"] = json!(name);
    example["data"] = sample(&schemas[data::schema_of(event_type)], schemas);
    json!({
        "name": name,
        "title": title,
        "summary": summary,
        "contentType": CONTENT_TYPE,
        "correlationId": {
            "description": "ID of the request that caused the event, if a request did.",
            "location": "$message.payload#/correlationid",
        },
        "headers": { "$ref": "#/components/schemas/Headers" },
        "payload": { "$ref": format!("#/components/schemas/{title}") },
        "bindings": { "amqp": { "messageType": name, "bindingVersion": BINDING } },
        "examples": [{ "name": title, "summary": summary, "payload": example }],
    })
}

/// The schema of the envelope with the data of one event type.
fn payload(event_type: EventType) -> Value {
    let data = data::schema_of(event_type);
    json!({
        "title": title(event_type),
        "description": event_type.summary(),
        "allOf": [
            { "$ref": "#/components/schemas/Envelope" },
            {
                "type": "object",
                "properties": {
                    "type": { "const": event_type.name() },
                    "data": { "$ref": format!("#/components/schemas/{data}") },
                },
            },
        ],
    })
}

/// The headers of a message: the attributes of its envelope, all as texts.
fn headers() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "title": "Headers",
        "type": "object",
        "description": "The attributes of the event (CloudEvents AMQP binding), and its trace for tracing libraries.",
        "required": [
            "cloudEvents:specversion", "cloudEvents:id", "cloudEvents:source", "cloudEvents:type",
            "cloudEvents:subject", "cloudEvents:time",
        ],
        "properties": {
            "cloudEvents:specversion": { "const": "1.0" },
            "cloudEvents:id": text("ID of the event."),
            "cloudEvents:source": text("Public URL of the service."),
            "cloudEvents:type": text("Type of the event with the version of its data."),
            "cloudEvents:subject": text("What the event is about."),
            "cloudEvents:time": text("Time of the event (RFC 3339)."),
            "cloudEvents:correlationid": text("ID of the request that caused the event, if a request did."),
            "cloudEvents:traceparent": text("Trace context of the request, if it had one (W3C Trace Context)."),
            "cloudEvents:tracestate": text("The same as `tracestate`."),
            "traceparent": text("Trace context of the message: the same, or a span below it."),
            "tracestate": text("What the systems of the trace say about it, if the request had it."),
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Returns every `$ref` of the document.
    fn references(part: &Value, found: &mut Vec<String>) {
        match part {
            Value::Object(members) => {
                for (name, member) in members {
                    match member.as_str() {
                        Some(text) if name == "$ref" => found.push(text.to_owned()),
                        _ => references(member, found),
                    }
                }
            }
            Value::Array(parts) => parts.iter().for_each(|part| references(part, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_name_is_one_of_its_own() {
        let document = document(&EventPlace { namespace: "shop".to_owned(), ..EventPlace::default() });
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 4 * EventType::ALL.len());
        for reference in found {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
        }
        let titles: BTreeSet<String> = EventType::ALL.iter().map(|event_type| title(*event_type)).collect();
        assert_eq!(titles.len(), EventType::ALL.len());
        assert!(titles.contains("UserPasswordResetRequestedV1"), "{titles:?}");
        let channel = &document["channels"]["UserRegisteredV1"];
        assert_eq!(channel["address"], "user.registered");
        assert_eq!(channel["bindings"]["amqp"]["exchange"]["name"], "shop.events");
        assert_eq!(document["channels"]["inbox"]["bindings"]["amqp"]["queue"]["name"], "shop.inbox");
    }
}
