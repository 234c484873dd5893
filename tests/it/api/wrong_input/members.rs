use serde_json::{Map, Value, json};

use super::{Asking, Operation};
use crate::support::document::{is_nullable, resolved};
use crate::support::{Backend, both_backends};

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// Values of types that a member with this schema does not have.
fn of_other_types(schema: &'static Value) -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let numbers = [json!(0), json!(-1), json!(1.5), json!(u64::MAX), json!(1e300)];
    let others = [json!(true), json!([]), json!(["a"]), json!({}), json!({ "a": null }), deep];
    let schema = resolved(schema);
    let has = |name: &str| schema["type"] == name || schema["type"] == json!([name, "null"]);
    assert!(["string", "boolean", "object"].into_iter().any(has), "this test knows no other types: {schema}");
    let is_of_it =
        |value: &Value| (value.is_object() && has("object")) || (value.is_boolean() && has("boolean"));
    let text = (!has("string")).then(|| json!("text"));
    numbers.into_iter().chain(others).chain(text).filter(|value| !is_of_it(value)).collect()
}

fn is_required(operation: &Operation, name: &str) -> bool {
    operation.schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)))
}

both_backends! {
    async fn each_member_of_a_wrong_type_is_named(backend: Backend) {
        let asking = Asking::start(backend).await;
        for operation in asking.operations() {
            for (name, schema) in operation.members() {
                let null = (!is_nullable(schema)).then_some(Value::Null);
                for value in of_other_types(schema).into_iter().chain(null) {
                    let body = operation.with(name, value);
                    let answer = asking.send(&operation, body.clone()).await;
                    let shown = operation.shown(&body);
                    assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{shown}");
                    assert!(answer.wrong_values().contains(&format!("/{name} wrong_type")), "{shown}");
                }
            }
        }
        asking.stop().await;
    }

    async fn each_missing_member_is_named(backend: Backend) {
        let asking = Asking::start(backend).await;
        for operation in asking.operations() {
            let required: Vec<_> =
                operation.members().map(|(name, _)| name).filter(|name| is_required(&operation, name)).collect();
            for name in &required {
                let mut body = operation.example();
                body.remove(*name);
                let answer = asking.send(&operation, Value::Object(body).to_string()).await;
                assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{}", operation.shown(name));
                assert!(answer.wrong_values().contains(&format!("/{name} missing")), "{}", operation.shown(name));
            }
            if !required.is_empty() {
                let all: Vec<_> = required.iter().map(|name| format!("/{name} missing")).collect();
                assert_eq!(asking.send(&operation, "{}").await.wrong_values(), all);
            }
        }
        asking.stop().await;
    }

    async fn each_unknown_member_is_named(backend: Backend) {
        let asking = Asking::start(backend).await;
        let names = ["", "surprise", "Email", "email ", "a/b~c", "__proto__", "\u{202e}", "\0", "\u{1f600}"];
        for operation in asking.operations() {
            for name in names {
                let answer = asking.send(&operation, operation.with(name, json!("x"))).await;
                let shown = operation.shown(name);
                assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{shown}");
                let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                assert!(answer.wrong_values().contains(&format!("{pointer} unknown")), "{shown}");
            }
        }
        asking.stop().await;
    }

    async fn of_many_unknown_members_the_first_are_named(backend: Backend) {
        let asking = Asking::start(backend).await;
        for operation in asking.operations() {
            let body: Map<_, _> = (0..1_500).map(|number| (format!("x{number}"), json!(1))).collect();
            let answer = asking.send(&operation, Value::Object(body).to_string()).await;
            let shown = operation.shown("");
            assert_eq!((answer.status, answer.wrong_values().len()), (422, 20), "{shown}");
            assert!(answer.bytes.len() < 4_000, "{shown}");
        }
        // The longest pointer: each slash of a name takes two characters.
        let operation = asking.operations().remove(0);
        let body = json!({ "/".repeat(16_000): 1 }).to_string();
        assert!(asking.send(&operation, body).await.wrong_values().iter().any(|line| line.len() > 32_000));
        asking.stop().await;
    }

    async fn everything_that_is_wrong_is_named_at_once(backend: Backend) {
        let asking = Asking::start(backend).await;
        for operation in asking.operations() {
            let wrong = operation.members().map(|(name, _)| (name.to_owned(), json!(7)));
            let mut body: Map<_, _> = wrong.collect();
            body.extend([("surprise".to_owned(), json!(1)), ("another".to_owned(), json!(null))]);
            let types = operation.members().map(|(name, _)| format!("/{name} wrong_type"));
            let unknown = ["/surprise unknown", "/another unknown"].map(str::to_owned);
            let answer = asking.send(&operation, Value::Object(body).to_string()).await;
            assert_eq!(answer.status, 422);
            assert_eq!(sorted(answer.wrong_values()), sorted(types.chain(unknown).collect()));
        }
        asking.stop().await;
    }
}
