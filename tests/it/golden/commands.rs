//! The JSON of the commands that operate on users, sessions and tokens.

use serde_json::{Map, Value, json};
use svc::domain::Timestamp;
use uuid::Uuid;

use super::check;
use crate::cli::user::{create, log_in, operator, text};
use crate::support::Backend;
use crate::support::process::{Installation, until};

/// Replaces what differs from run to run: ids, times, keys and the operator.
fn stable(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(stable_text(text)),
        Value::Array(items) => items.iter().map(stable).collect(),
        Value::Object(members) => {
            let stable = |(name, value): (&String, &Value)| {
                let value = match name.as_str() {
                    "kid" | "key_id" if value.is_string() => json!("KEY"),
                    "iat" | "nbf" | "exp" => json!(0),
                    "operator" => json!("OPERATOR"),
                    "timeline" => in_order(&stable(value)),
                    _ => stable(value),
                };
                (name.clone(), value)
            };
            Value::Object(members.iter().map(stable).collect())
        }
        other => other.clone(),
    }
}

/// Orders the entries of a timeline by their words: several of them may have the same time.
fn in_order(timeline: &Value) -> Value {
    let mut entries = timeline.as_array().cloned().unwrap_or_default();
    entries.sort_by_key(|entry| text(entry, "code").to_owned());
    Value::Array(entries)
}

fn stable_text(text: &str) -> String {
    let mut rest = text.replace(&format!("operator {}", operator()), "operator OPERATOR");
    let mut stable = String::new();
    while let Some(first) = rest.chars().next() {
        let id = rest.get(..36).filter(|id| Uuid::try_parse(id).is_ok());
        // The HTTP API leaves out zeros at the end.
        let time = rest.find('Z').filter(|end| *end < 27 && Timestamp::parse(&rest[..=*end]).is_ok());
        let (word, length) = match (id, time) {
            (Some(_), _) => ("ID".to_owned(), 36),
            (_, Some(end)) => ("TIME".to_owned(), end + 1),
            _ => (first.to_string(), first.len_utf8()),
        };
        stable.push_str(&word);
        rest.drain(..length);
    }
    stable
}

#[tokio::test]
async fn shapes_of_the_commands_on_users_sessions_and_tokens() {
    let installation =
        Installation::migrated(Backend::Sqlite).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
    let serving = installation.serve();
    serving.ready().await;
    let mut shapes = Map::new();
    let mut record = |arguments: &[&str], input: &str| {
        let shown = stable(&installation.run_with_input(arguments, input).expect(0).json());
        shapes.insert(format!("svc {}", stable_text(&arguments.join(" "))), shown);
    };
    let ada = [
        "user",
        "create",
        "--email",
        "ada@example.com",
        "--name",
        "Ada",
        "--role",
        "admin",
        "--password-stdin",
    ];
    record(&ada, "correct horse battery");
    let root = create(&installation, "root@example.com", &["--role", "admin", "--verified"]);
    let login = log_in(&serving, "ada@example.com").await;
    let issued = installation.run(&["issue-token", "--user", text(&root, "id")]).expect(0).json();
    let (session, token) = (text(&issued, "session_id"), text(&issued, "access_token"));
    // The audit entries come from the worker.
    let audited = async || {
        let shown = installation.run(&["user", "show", "ada@example.com"]).expect(0).json();
        shown["audit"].as_array().unwrap().len() == 2
    };
    until(audited).await;

    record(&["user", "list"], "");
    record(&["user", "show", "ada@example.com"], "");
    record(&["user", "verify-email", "ada@example.com"], "");
    record(&["user", "rename", "ada@example.com", "Ada Lovelace"], "");
    record(&["user", "set-role", "ada@example.com", "user"], "");
    record(&["session", "list"], "");
    record(&["session", "show", session], "");
    record(&["session", "explain"], &login.refresh);
    record(&["token", "inspect"], token);
    record(&["user", "set-password", "ada@example.com", "--keep-sessions", "--dry-run"], "");
    record(&["user", "lock", "ada@example.com", "--yes"], "");
    record(&["session", "revoke", "--user", text(&root, "id"), "--yes"], "");
    record(&["session", "explain", "-o", "json"], token);
    record(&["user", "unlock", "ada@example.com"], "");
    record(&["user", "delete", "ada@example.com", "--yes"], "");
    check("commands.json", &format!("{:#}", Value::Object(shapes)));
    serving.terminate();
    serving.ended().expect(0);
}
