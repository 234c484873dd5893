use poem::http::Method;
use serde_json::json;
use uuid::Uuid;

use super::*;

const GOOD: &str = r#"{"email": "ada@example.com", "password": "correct horse", "name": null}"#;

#[tokio::test]
async fn a_good_body_is_read_and_shows_no_secret() {
    let answer = post(GOOD).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("ada@example.com") && !answer.text().contains("correct horse"));
}

#[tokio::test]
async fn every_wrong_value_is_reported_at_once() {
    let body = json!({ "email": "no-at-sign", "password": "password1", "name": 7, "a/b~c": true });
    let answer = post(body.to_string()).await;
    assert_eq!(answer.rejection(), rejection(422, "validation_failed"));
    let expected = ["/a~1b~0c unknown", "/email malformed", "/name wrong_type", "/password common_password"];
    assert_eq!(answer.errors(), expected);
    assert!(!answer.text().contains("password1") && !answer.text().contains("no-at-sign"));
}

#[tokio::test]
async fn missing_null_and_nested_values_are_reported_apart() {
    assert_eq!(post("{}").await.errors(), ["/email missing", "/password missing"]);
    let answer = post(r#"{"email": null, "password": {"a": []}}"#).await;
    assert_eq!(answer.errors(), ["/email wrong_type", "/password wrong_type"]);
    let answer = post(r#"{"email": " ", "password": "short", "name": "a\u0000b"}"#).await;
    assert_eq!(answer.errors(), ["/email empty", "/name control_character", "/password too_short"]);
}

#[tokio::test]
async fn what_is_no_object_is_wrong_as_a_whole() {
    for body in ["null", "[]", "[{\"a\": [1]}]", "1", "-1", "1.5", "true", "\"{}\""] {
        let answer = post(body).await;
        assert_eq!(answer.errors(), [" wrong_type"], "{body}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let deep = format!("{{\"email\": {}", "[".repeat(900));
    let twice = GOOD.replace("\"name\"", "\"email\"");
    let trailing = format!("{GOOD} 1");
    let texts = ["", " ", "{", "{]", "{'a': 1}", "\u{feff}{}", "{\"a\": \"\\ud800\"}"];
    for body in texts.into_iter().chain([deep.as_str(), &twice, &trailing]) {
        let answer = post(body.to_owned()).await;
        assert_eq!(answer.rejection(), rejection(400, "malformed_request"), "{body}");
    }
    let answer = post(b"{\"email\": \"\xff\"}".to_vec()).await;
    assert_eq!(answer.rejection(), rejection(400, "malformed_request"));
}

#[tokio::test]
async fn only_plain_json_is_taken() {
    let with =
        |name: &str, value: &str| request("/people").method(Method::POST).header(name, value).body(GOOD);
    for (name, value) in
        [("x-none", ""), ("content-type", "text/plain"), ("content-type", "application/jsonp")]
    {
        assert_eq!(
            ask(with(name, value)).await.rejection(),
            rejection(415, "unsupported_media_type"),
            "{value}"
        );
    }
    let mut compressed = with("content-type", "application/json");
    compressed.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
    assert_eq!(ask(compressed).await.rejection(), rejection(415, "unsupported_media_type"));
    assert_eq!(ask(with("content-type", "Application/JSON ; charset=utf-8")).await.status, 200);
}

#[tokio::test]
async fn a_body_has_a_largest_size() {
    let padded = |size: usize| format!("{GOOD}{}", " ".repeat(size - GOOD.len()));
    assert_eq!(post(padded(1024)).await.status, 200);
    assert_eq!(post(padded(1025)).await.rejection(), rejection(413, "payload_too_large"));
}

#[tokio::test]
async fn a_patch_tells_absent_from_null() {
    let path = format!("/people/{}", Uuid::nil());
    for (body, name) in [("{}", "Keep"), (r#"{"name": null}"#, "Clear"), (r#"{"name": "Ada"}"#, "Ada")] {
        let answer = send(Method::PATCH, &path, body).await;
        assert!(answer.text().contains(name), "{}", answer.text());
    }
    let body =
        r#"{"role": "root", "status": "", "name": "", "password": "hunter22", "token": "svcr_secret"}"#;
    let answer = send(Method::PATCH, &path, body).await;
    assert_eq!(answer.errors(), ["/name empty", "/role unknown_word", "/status unknown_word"]);
    let answer = send(Method::PATCH, &path, r#"{"password": "hunter22", "token": "svcr_secret"}"#).await;
    assert!(answer.status == 200 && !answer.text().contains("hunter22") && !answer.text().contains("secret"));
}

#[tokio::test]
async fn query_parameters_are_checked_together() {
    assert_eq!(get("/people").await.text(), "50 None None None");
    let cursor = Cursor(Uuid::from_u128(7));
    let answer = get(&format!("/people?limit=200&role=admin&cursor={}", cursor.encode())).await;
    assert_eq!(answer.text(), format!("200 {:?} None Some(Admin)", Some(cursor)));

    let answer = get("/people?limit=201&email=%00&role=king&role=admin").await;
    assert_eq!(answer.rejection(), rejection(422, "validation_failed"));
    assert_eq!(answer.errors(), ["/email malformed", "/limit out_of_range", "/role malformed"]);
    for (limit, code) in
        [("0", "out_of_range"), ("-1", "out_of_range"), ("x", "wrong_type"), ("", "wrong_type")]
    {
        assert_eq!(get(&format!("/people?limit={limit}")).await.errors(), [format!("/limit {code}")]);
    }
    assert_eq!(get("/people?cursor=nowhere").await.rejection(), rejection(400, "malformed_request"));
}

#[tokio::test]
async fn an_id_that_is_none_is_not_found() {
    let answer = send(Method::PATCH, "/people/7", "{}").await;
    assert_eq!(answer.rejection(), rejection(404, "not_found"));
}
