use futures_util::stream;
use poem::http::Method;

use super::*;
use crate::api::strict_query::StrictQuery;

#[tokio::test]
async fn the_use_cases_errors_are_problems() {
    for (name, code) in [("taken", "email_taken"), ("last", "last_admin")] {
        let body = format!(r#"{{"email": "{name}@example.com", "password": "correct horse"}}"#);
        assert_eq!(post(body).await.rejection(), rejection(409, code));
    }
}

#[tokio::test]
async fn an_unknown_route_is_a_problem() {
    for path in ["//", "/nowhere", "/people/", "/docs/nothing.js", "/%00", "/%ff", "/people/a/b"] {
        assert_eq!(get(path).await.rejection(), rejection(404, "not_found"), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_reported_the_right_ones() {
    let allow = async |method, path| {
        let answer = send(method, path, "").await;
        assert_eq!(answer.rejection(), rejection(405, "method_not_allowed"), "{path}");
        answer.header("allow").to_owned()
    };
    assert_eq!(allow(Method::DELETE, "/people").await, "GET, HEAD, POST");
    assert_eq!(allow(Method::GET, "/people/7").await, "PATCH");
    assert_eq!(allow(Method::HEAD, "/people/7").await, "PATCH");
    assert_eq!(allow(Method::POST, "/docs").await, "GET, HEAD");
    assert_eq!(allow(Method::from_bytes(b"BREW").unwrap(), "/client").await, "GET, HEAD");
}

#[tokio::test]
async fn an_operation_without_parameters_is_found_without_the_router() {
    let (_, plain) = StrictQuery::new(Tiny);
    let is_plain = |method, path: &str| plain.find(&request(path).method(method).finish()).is_some();
    for (method, path) in [(Method::GET, "/client"), (Method::GET, "/client?x=1"), (Method::POST, "/people")]
    {
        assert!(is_plain(method, path), "{path}");
    }
    for path in ["/people", "/people/7", "/client/", "/nowhere"] {
        assert!(!is_plain(Method::GET, path), "{path}");
    }
    assert!(!is_plain(Method::HEAD, "/client") && !is_plain(Method::PATCH, "/people/7"));
    assert_eq!(get("/client?x=1").await.rejection(), rejection(422, "validation_failed"));
    assert_eq!(get("/client/").await.rejection(), rejection(404, "not_found"));
}

#[tokio::test]
async fn head_answers_like_get_without_the_body() {
    let answer = send(Method::HEAD, "/people", "").await;
    assert_eq!((answer.status.as_u16(), answer.bytes.len()), (200, 0));
}

#[tokio::test]
async fn a_panic_is_a_problem_that_tells_nothing() {
    let answer = get("/panic").await;
    assert_eq!(answer.rejection(), rejection(500, "internal"));
    assert!(!answer.text().contains("secret"));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let request = request("/forever").finish();
    let answer = Answer::of(service(Duration::from_millis(1)).get_response(request).await).await;
    assert_eq!(answer.rejection(), rejection(503, "unavailable"));
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_the_clients_fault() {
    let ask = async |path: &str, method: Method, body: poem::Body| {
        let request = request(path).method(method).content_type("application/json").body(body);
        Answer::of(service(Duration::from_millis(1)).get_response(request).await).await
    };
    let endless = || poem::Body::from_bytes_stream(stream::pending::<std::io::Result<Vec<u8>>>());
    let answer = ask("/people", Method::POST, endless()).await;
    assert_eq!(answer.rejection(), rejection(408, "request_timeout"));
    assert_eq!((answer.header("connection"), answer.header("retry-after")), ("close", ""));
    // These bodies are not waited for.
    for (body, connection) in [("{}".into(), ""), (endless(), "close")] {
        let answer = ask("/forever", Method::GET, body).await;
        assert_eq!(answer.rejection(), rejection(503, "unavailable"));
        assert_eq!(answer.header("connection"), connection);
    }
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_any_other_replaced() {
    let id_of = async |given: &[u8]| {
        let mut request = request("/nowhere").finish();
        request.headers_mut().insert("x-request-id", given.try_into().unwrap());
        let answer = ask(request).await;
        answer.problem();
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(id_of(b"abc-123").await, "abc-123");
    assert_eq!(id_of(&[b'a'; 128]).await, "a".repeat(128));
    for strange in [&b""[..], b"a b", b"\xff", &[b'a'; 129]] {
        assert_eq!(id_of(strange).await, NEW_ID);
    }
    assert_eq!(get("/people").await.header("x-request-id"), NEW_ID);
}

#[tokio::test]
async fn answers_tell_browsers_what_not_to_do() {
    for path in ["/people", "/nowhere"] {
        let answer = get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        );
    }
}

#[tokio::test]
async fn a_401_challenges_and_names_an_error_only_for_a_token() {
    let challenge = async |problem: Problem| {
        let answer = Answer::of(problem.into_response("")).await;
        assert_eq!(answer.status, 401);
        answer.header("www-authenticate").to_owned()
    };
    assert_eq!(challenge(Problem::unauthenticated()).await, "Bearer");
    assert_eq!(challenge(Problem::new(Code::InvalidCredentials, "")).await, "Bearer");
    assert_eq!(challenge(Problem::new(Code::TokenReused, "")).await, r#"Bearer error="invalid_token""#);
}

#[tokio::test]
async fn errors_of_the_libraries_lose_their_words() {
    use poem::error::ReadBodyError;
    use poem_openapi::error::{AuthorizationError, ContentTypeError, ParseParamError};
    let of = async |error: poem::Error| {
        let problem = Problem::from_error(error, "GET".parse().unwrap());
        let answer = Answer::of(problem.into_response("")).await;
        assert!(!answer.text().contains("librarian"), "{}", answer.text());
        answer.rejection()
    };
    let reason = || "librarian".to_owned();
    assert_eq!(of(AuthorizationError.into()).await, rejection(401, "invalid_token"));
    assert_eq!(of(ReadBodyError::PayloadTooLarge.into()).await, rejection(413, "payload_too_large"));
    let error = ContentTypeError::NotSupported { content_type: reason() };
    assert_eq!(of(error.into()).await, rejection(415, "unsupported_media_type"));
    let error = ParseParamError { name: "page", reason: reason() };
    assert_eq!(of(error.into()).await, rejection(422, "validation_failed"));
    let error = poem::Error::from_string(reason(), StatusCode::IM_A_TEAPOT);
    assert_eq!(of(error).await, rejection(400, "malformed_request"));
    let error = poem::Error::from_string(reason(), StatusCode::BAD_GATEWAY);
    assert_eq!(of(error).await, rejection(500, "internal"));
}
