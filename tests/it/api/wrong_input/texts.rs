use serde_json::{Value, json};

use super::Asking;
use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

/// Texts that break careless code.
fn strange() -> Vec<String> {
    let texts = [
        "",
        " ",
        "\0",
        "a\0b",
        "\u{1}",
        "\u{7f}",
        "\u{9f}",
        "\u{1b}[31m",
        "a\r\nX-Evil: 1",
        "\u{2028}",
        "\u{202e}txt.exe",
        "\u{2066}a\u{2069}",
        "\u{200b}",
        "\u{feff}a",
        "\u{fffd}",
        "\u{ffff}",
        "\u{10ffff}",
        "\u{e000}",
        "\u{627}\u{644}\u{639}\u{631}\u{628}\u{64a}\u{629}",
        "Z\u{351}\u{36b}\u{343}a\u{338}l\u{321}",
        "\u{1f3f4}\u{200d}\u{2620}\u{fe0f}",
        "\u{fdfa}\u{fdfa}",
        "\u{130}\u{131}\u{df}",
        "' OR 1=1; --",
        "\"; DROP TABLE users; --",
        "$1",
        "%s%n",
        "%00",
        "{{7*7}}",
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "null",
        "1e5",
        "NaN",
        "svcr_",
        "svcr_\u{1f600}",
        "eyJhbGciOiJub25lIn0..",
        "@",
        "a@b",
        "a@xn--.com",
        "a@xn--a.com",
        "a@\u{1f4a9}.example",
        "a@ex\u{ad}ample.com",
        "a@b.c\0",
        "a@[::1]",
    ];
    let long = [
        "a".repeat(10_000),
        "\u{301}".repeat(5_000),
        "\u{fdfa}".repeat(1_000),
        format!("{}@b.com", "a.".repeat(3_000)),
    ];
    texts.into_iter().map(str::to_owned).chain(long).collect()
}

both_backends! {
    async fn no_text_in_a_body_causes_a_fault_of_the_service(backend: Backend) {
        let asking = Asking::start(backend).await;
        for operation in asking.operations() {
            for (name, _) in operation.members() {
                for text in strange() {
                    let body = operation.with(name, json!(text));
                    let answer = asking.send(&operation, body.clone()).await;
                    assert!(answer.status < 500, "{}: {answer:?}", operation.shown(&body));
                }
            }
        }
        // Every user that was created or changed with them can be read.
        let users = asking.app.client.get("/api/v1/users?limit=200", Some(&asking.admin.access)).await;
        users.expect(200);
        asking.stop().await;
    }

    async fn no_text_in_a_query_causes_a_fault_of_the_service(backend: Backend) {
        let asking = Asking::start(backend).await;
        for name in ["email", "role", "status", "limit", "cursor", "surprise"] {
            for text in strange() {
                let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, &text).finish();
                let answer = asking.app.client.get(&format!("/api/v1/users?{query}"), Some(&asking.admin.access)).await;
                assert!(answer.status < 500, "{query}: {answer:?}");
            }
        }
        for query in ["%", "%zz", "%ff=%ff", "email=%ff", "&&&", "=", "email", "a[]=1", "email=a%00b@c.de", "?"] {
            let answer = asking.app.client.get(&format!("/api/v1/users?{query}"), Some(&asking.admin.access)).await;
            assert!([200, 422].contains(&answer.status), "{query}: {answer:?}");
        }
        asking.stop().await;
    }

    async fn names_in_every_script_are_stored_and_returned(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let hundred = "\u{e9}".repeat(100);
        let names = [
            ("\u{645}\u{62d}\u{645}\u{62f}", "\u{645}\u{62d}\u{645}\u{62f}"),
            ("\u{5e9}\u{5dc}\u{5d5}\u{5dd}", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
            ("\u{1f469}\u{200d}\u{1f680}", "\u{1f469}\u{200d}\u{1f680}"),
            ("e\u{301}", "\u{e9}"),
            (&"e\u{301}".repeat(100), &hundred),
            ("O'Brien; --", "O'Brien; --"),
            ("\u{10ffff}", "\u{10ffff}"),
        ];
        for (typed, shown) in names {
            let body = json!({ "name": typed });
            app.client.send(reqwest::Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await.expect(200);
            let me = app.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
            assert_eq!(me["name"], shown);
        }
        // A pair of surrogates is one character; half of one is not valid.
        let request = app.client.request(reqwest::Method::PATCH, "/api/v1/users/me").bearer_auth(&login.access);
        let request = request.header("content-type", "application/json").body(r#"{"name": "\ud83d\ude00"}"#);
        assert_eq!(app.client.answer(request).await.expect(200)["name"], "\u{1f600}");
        for (name, code) in [("a\0b", "control_character"), ("\u{202e}a", "control_character"), (&*"\u{e9}".repeat(101), "too_long")] {
            let body = json!({ "name": name });
            let answer = app.client.send(reqwest::Method::PATCH, "/api/v1/users/me", Some(&login.access), Some(&body)).await;
            assert_eq!(answer.wrong_values(), [format!("/name {code}")]);
        }
        app.stop().await;
    }

    async fn an_address_of_maximum_length_is_accepted_and_a_longer_one_is_not(backend: Backend) {
        let app = App::start(backend).await;
        let address = |length: usize| {
            let domain = format!("{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(63));
            let rest = length - "a@".len() - domain.len() - ".".len() - ".com".len();
            format!("a@{domain}.{}.com", "e".repeat(rest))
        };
        let longest = address(254);
        assert_eq!(longest.len(), 254);
        let user = app.register(&longest).await;
        assert_eq!(user["email"], Value::from(longest.clone()));
        app.log_in(&longest).await;
        for path in ["/api/v1/auth/register", "/api/v1/auth/login"] {
            let answer = app.client.post(path, &json!({ "email": address(255), "password": PASSWORD })).await;
            assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
            assert_eq!(answer.wrong_values(), ["/email too_long"]);
        }
        app.stop().await;
    }
}
