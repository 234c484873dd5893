use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::json;

use super::{SERVICE, keys, verify};
use crate::support::{App, Backend, both_backends};

const PATH: &str = "/.well-known/jwks.json";

both_backends! {
    async fn a_token_is_verified_with_the_published_keys(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let keys = keys(&app).await;
        let (header, claims) = verify(&login.access, &keys).unwrap();
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        assert_eq!((&claims["sub"], &claims["role"]), (&user["id"], &json!("user")));
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(SERVICE), &json!(SERVICE)));
        assert_eq!(claims["sid"], login.session_id());
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
        for name in ["jti", "nbf", "client_id"] {
            assert!(!claims[name].is_null(), "{name} is missing");
        }

        // The last character of a signature has unused bits; all bits of the first one count.
        let (signed, signature) = login.access.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{signed}.{other}{}", &signature[1..]);
        let answer = app.client.get("/api/v1/users/me", Some(&forged)).await;
        assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        app.stop().await;
    }

    async fn keys_are_public_and_shared_by_all_replicas(backend: Backend) {
        let app = App::start(backend).await;
        let shown = keys(&app).await;
        let all = shown["keys"].as_array().unwrap();
        assert_eq!(all.len(), 1);
        let key = all[0].as_object().unwrap();
        let mut names: Vec<_> = key.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"], "and nothing private");
        assert_eq!((&key["alg"], &key["use"]), (&json!("ES256"), &json!("sig")));

        let replica = app.replica().await;
        assert_eq!(keys(&replica).await, shown);
        let (_, login) = app.new_user().await;
        replica.client.get("/api/v1/users/me", Some(&login.access)).await.expect(200);
        replica.stop().await;
        app.stop().await;
    }

    async fn keys_may_be_cached_and_need_not_be_sent_again(backend: Backend) {
        let app = App::start(backend).await;
        let answer = app.client.get(PATH, None).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert!(answer.header("content-type").starts_with("application/json"));
        let etag = answer.header("etag").to_owned();
        assert!(!etag.is_empty());
        let strong = etag.trim_start_matches("W/").to_owned();
        let asked = async |tag: &str| {
            app.client.answer(app.client.request(Method::GET, PATH).header(IF_NONE_MATCH, tag)).await
        };
        for held in [&*etag, &strong, "*", &format!("\"x\", {etag}")] {
            let answer = asked(held).await;
            assert_eq!((answer.status, answer.bytes.len()), (304, 0), "{held}");
            assert_eq!(answer.header("etag"), etag);
            assert_eq!(answer.header("cache-control"), "public, max-age=300");
        }
        for other in ["\"x\"", "", "W/\"\"", strong.trim_matches('"')] {
            assert_eq!(asked(other).await.status, 200, "{other}");
        }
        app.stop().await;
    }
}
