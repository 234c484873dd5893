use std::fmt::{self, Display, Write as _};

use serde_json::{Map, Value};

/// The page of events, made of the AsyncAPI document. It has no script, and works without one.
pub fn page(document: &Value) -> String {
    let mut body = String::new();
    // Writing to a text cannot fail.
    let _ = write(&mut body, document);
    include_str!("events.html").replace("{body}", &body)
}

fn write(page: &mut String, document: &Value) -> fmt::Result {
    write!(page, "<h1>Events</h1><p>{}</p>", Escaped(text(&document["info"]["description"])))?;
    let channels = document["channels"].as_object().into_iter().flatten();
    let published: Vec<_> =
        channels.filter(|(_, channel)| channel["bindings"]["amqp"]["is"] == "routingKey").collect();
    let exchange = published.first().map(|(_, channel)| &channel["bindings"]["amqp"]["exchange"]["name"]);
    write!(
        page,
        "<p>With RabbitMQ, each event is published to the durable topic exchange <code>{}</code>, as a CloudEvent in \
         JSON (<code>{}</code>). The routing key selects events: <code>user.*</code>, <code>session.revoked</code>, or \
         <code>#</code> for all. Each attribute of the envelope is a header too, such as <code>cloudEvents:type</code>. \
         Code generators read <a href=\"../asyncapi.json\">asyncapi.json</a>.</p>",
        Escaped(exchange.map_or("", text)),
        Escaped(text(&document["defaultContentType"])),
    )?;
    page.push_str("<h2 id=\"types\">Types</h2><table><thead><tr><th>Routing key</th><th>Type</th><th></th></tr></thead><tbody>");
    for (_, channel) in &published {
        for name in names(channel) {
            write!(
                page,
                "<tr><td><a href=\"#{name}\"><code>{}</code></a></td><td><code>{name}</code></td><td>{}</td></tr>",
                Escaped(text(&channel["address"])),
                Escaped(text(&channel["summary"])),
                name = Escaped(name),
            )?;
        }
    }
    page.push_str("</tbody></table><h2 id=\"envelope\">Envelope</h2><p>Members of every event.</p>");
    let schemas = &document["components"]["schemas"];
    table(page, &schemas["Envelope"], schemas)?;
    for name in published.iter().flat_map(|(_, channel)| names(channel)) {
        message(page, name, &document["components"]["messages"][name], schemas)?;
    }
    Ok(())
}

/// The names of the messages of a channel.
fn names(channel: &Value) -> impl Iterator<Item = &str> {
    channel["messages"].as_object().into_iter().flat_map(Map::keys).map(String::as_str)
}

fn message(page: &mut String, name: &str, message: &Value, schemas: &Value) -> fmt::Result {
    let name = Escaped(name);
    write!(page, "<h2 id=\"{name}\">{name}</h2><p>{}</p>", Escaped(text(&message["summary"])))?;
    let payload = resolved(&message["payload"], schemas);
    let parts = payload["allOf"].as_array().into_iter().flatten();
    let data = parts.filter_map(|part| part["properties"].get("data")).next_back();
    if let Some(data) = data.map(|data| resolved(data, schemas)) {
        write!(page, "<p><code>data</code>: {}</p>", Escaped(text(&data["description"])))?;
        table(page, data, schemas)?;
    }
    for example in message["examples"].as_array().into_iter().flatten() {
        write!(page, "<pre>{}</pre>", Escaped(&format!("{:#}", example["payload"])))?;
    }
    Ok(())
}

/// The members of an object.
fn table(page: &mut String, schema: &Value, schemas: &Value) -> fmt::Result {
    page.push_str("<table><thead><tr><th>Member</th><th>Type</th><th></th></tr></thead><tbody>");
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let member = resolved(member, schemas);
        let optional = if required.iter().any(|required| *required == name) { "" } else { "Optional. " };
        write!(
            page,
            "<tr><td><code>{}</code></td><td>{}</td><td>{optional}{}</td></tr>",
            Escaped(name),
            Escaped(&kind(member)),
            Escaped(text(&member["description"])),
        )?;
    }
    page.push_str("</tbody></table>");
    Ok(())
}

/// The type of a member, in words.
fn kind(schema: &Value) -> String {
    let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |values: &Value| -> Option<String> {
        Some(values.as_array()?.iter().map(words).collect::<Vec<_>>().join(" or "))
    };
    let kind = schema.get("const").map(words).or_else(|| list(&schema["enum"]));
    let kind = kind.or_else(|| list(&schema["type"])).unwrap_or_else(|| text(&schema["type"]).to_owned());
    match text(&schema["format"]) {
        "" => kind,
        format => format!("{kind} ({format})"),
    }
}

/// The schema that a reference names, or the schema itself.
fn resolved<'a>(schema: &'a Value, schemas: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    name.map_or(schema, |name| &schemas[name])
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A text in HTML. What is between grave accents becomes code.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, part) in self.0.split('`').enumerate() {
            let is_code = number % 2 == 1;
            f.write_str(if is_code { "<code>" } else { "" })?;
            for character in part.chars() {
                match character {
                    '&' => f.write_str("&amp;")?,
                    '<' => f.write_str("&lt;")?,
                    '>' => f.write_str("&gt;")?,
                    '"' => f.write_str("&quot;")?,
                    other => f.write_char(other)?,
                }
            }
            f.write_str(if is_code { "</code>" } else { "" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_has_each_event_with_its_members_and_hides_no_markup() {
        let document = json!({
            "info": { "description": "About `data` & <more>." },
            "defaultContentType": "application/cloudevents+json",
            "channels": {
                "A": {
                    "address": "user.locked",
                    "summary": "Locked.",
                    "messages": { "svc.user.locked.v1": {} },
                    "bindings": { "amqp": { "is": "routingKey", "exchange": { "name": "svc.events" } } },
                },
                "inbox": { "bindings": { "amqp": { "is": "queue" } } },
            },
            "components": {
                "messages": { "svc.user.locked.v1": {
                    "summary": "Locked.",
                    "payload": { "$ref": "#/components/schemas/A" },
                    "examples": [{ "payload": { "id": "1" } }],
                } },
                "schemas": {
                    "A": { "allOf": [{ "properties": { "data": { "$ref": "#/components/schemas/User" } } }] },
                    "Envelope": { "required": ["id"], "properties": { "id": { "type": "string", "format": "uuid" } } },
                    "User": {
                        "description": "The user.",
                        "properties": { "role": { "enum": ["user", "admin"] }, "name": { "type": ["string", "null"] } },
                    },
                },
            },
        });
        let page = page(&document);
        for part in [
            "<p>About <code>data</code> &amp; &lt;more&gt;.</p>",
            "<code>svc.events</code>",
            "<a href=\"#svc.user.locked.v1\"><code>user.locked</code></a>",
            "<h2 id=\"svc.user.locked.v1\">svc.user.locked.v1</h2><p>Locked.</p>",
            "<td><code>id</code></td><td>string (uuid)</td><td></td>",
            "<td><code>role</code></td><td>user or admin</td><td>Optional. </td>",
            "<td>string or null</td>",
            "&quot;id&quot;: &quot;1&quot;",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(!page.contains("<script") && !page.contains("inbox"));
    }
}
