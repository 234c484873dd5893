use super::Asking;
use crate::support::{Backend, both_backends};

/// Texts that are not valid JSON (RFC 8259), or that JSON parsers disagree about.
fn malformed(example: &str) -> Vec<Vec<u8>> {
    let open = example.trim_end_matches('}');
    let first = example.split(':').next().unwrap();
    let texts = [
        String::new(),
        " \t\r\n".to_owned(),
        open.to_owned(),
        example[..example.len() / 2].to_owned(),
        "{".to_owned(),
        "}".to_owned(),
        "{]".to_owned(),
        "nul".to_owned(),
        "{'a': 1}".to_owned(),
        "{a: 1}".to_owned(),
        "{\"a\": 01}".to_owned(),
        "{\"a\": +1}".to_owned(),
        "{\"a\": NaN}".to_owned(),
        "{\"a\": \"\\ud800\"}".to_owned(),
        "{\"a\": \"\\udc00\\ud800\"}".to_owned(),
        "{\"\\ud800\": 1}".to_owned(),
        "{\"a\": \"\\x41\"}".to_owned(),
        "{\"a\": \"\n\"}".to_owned(),
        "{\"a\": \"\0\"}".to_owned(),
        // Trailing garbage, comments, two documents.
        format!("{example} x"),
        format!("{example}{example}"),
        format!("{example}\0"),
        format!("{open},}}"),
        format!("/* */ {example}"),
        format!("\u{feff}{example}"),
        // A repeated member: with the same value, with another one, in another spelling.
        format!("{first}: 1, {}", &example[1..]),
        format!("{open}, {}", &example[1..]),
        "{\"a\": 1, \"\\u0061\": 1}".to_owned(),
        // Deep nesting.
        format!("{{\"a\": {}", "[".repeat(8000)),
        format!("a={}", "b".repeat(100)),
    ];
    let invalid = [
        &b"{\"a\": \"\xff\"}"[..],
        b"\xff\xfe{\0}\0",
        b"{\"a\": \"\xed\xa0\x80\"}",
        b"{\"\xc0\xaf\": 1}",
        b"\x1f\x8b\x08",
    ];
    texts.into_iter().map(String::into_bytes).chain(invalid.map(<[u8]>::to_vec)).collect()
}

both_backends! {
    async fn invalid_json_is_malformed_everywhere(backend: Backend) {
        let asking = Asking::start(backend).await;
        for operation in asking.operations() {
            let example = serde_json::to_string(&operation.example()).unwrap();
            for body in malformed(&example) {
                let shown = operation.shown(&String::from_utf8_lossy(&body[..body.len().min(80)]));
                let answer = asking.send(&operation, body).await;
                assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()), "{shown}");
            }
        }
        asking.stop().await;
    }

    async fn values_that_json_allows_and_the_service_cannot_hold_are_named_everywhere(backend: Backend) {
        let asking = Asking::start(backend).await;
        let bodies = [
            ("{\"a\": 1e999}".to_owned(), "/a out_of_range"),
            (format!("{{\"a\": [1, -1{}]}}", "0".repeat(400)), "/a/1 out_of_range"),
            (format!("{{\"a\": {}{}}}", "[".repeat(4000), "]".repeat(4000)), "/a too_deep"),
            (format!("{}1{}", "{\"a\":".repeat(1500), "}".repeat(1500)), "/a too_deep"),
            ("{\"a\": {\"b\": [{\"c\": 1, \"\\u0063\": 1}]}}".to_owned(), "/a/b/0/c duplicate"),
        ];
        for operation in asking.operations() {
            for (body, wrong) in &bodies {
                let answer = asking.send(&operation, body.clone()).await;
                let shown = operation.shown(&body[..body.len().min(80)]);
                assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{shown}");
                assert!(answer.wrong_values().iter().any(|line| line == wrong), "{shown}");
            }
        }
        asking.stop().await;
    }

    async fn a_body_that_is_not_an_object_is_one_violation_everywhere(backend: Backend) {
        let asking = Asking::start(backend).await;
        let arrays = [format!("{}{}", "[".repeat(100), "]".repeat(100)), "[{\"email\": \"a@b.c\"}]".to_owned()];
        let others = ["null", "true", "0", "-1", "1.5", "18446744073709551616", "\"\"", "\"{}\"", "[]", " [ ] "];
        let others: Vec<_> = others.into_iter().map(str::to_owned).chain(arrays).collect();
        for operation in asking.operations() {
            for body in &others {
                let answer = asking.send(&operation, body.clone()).await;
                assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{}", operation.shown(body));
                assert_eq!(answer.wrong_values(), [" wrong_type"]);
            }
        }
        asking.stop().await;
    }
}
