use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::json;

use super::SERVICE;
use crate::support::client::claims;
use crate::support::{App, Backend, both_backends};

const PATH: &str = "/.well-known/oauth-authorization-server";
const ALIAS: &str = "/.well-known/openid-configuration";

both_backends! {
    async fn the_metadata_lists_exactly_the_existing_features(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let said = claims(&login.access);
        let mut names: Vec<_> = said.as_object().unwrap().keys().cloned().collect();
        let mut expected = json!({
            "issuer": SERVICE,
            "jwks_uri": format!("{SERVICE}/.well-known/jwks.json"),
            "service_documentation": format!("{SERVICE}/docs"),
            "response_types_supported": [],
            "grant_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        for path in [PATH, ALIAS] {
            let mut metadata = app.client.get(path, None).await.expect(200);
            let supported = metadata.as_object_mut().unwrap().remove("claims_supported").unwrap();
            let mut supported: Vec<String> = serde_json::from_value(supported).unwrap();
            supported.sort_unstable();
            names.sort_unstable();
            assert_eq!((&metadata, &supported), (&expected, &names), "{path}");
        }
        assert_eq!(said["iss"], SERVICE);

        // During a change of the algorithm, tokens of both are valid.
        let app = app.restart_with(&["security.token.algorithm=EdDSA"]).await;
        expected["id_token_signing_alg_values_supported"] = json!(["EdDSA", "ES256"]);
        for path in [PATH, ALIAS] {
            let metadata = app.client.get(path, None).await.expect(200);
            let algorithms = "id_token_signing_alg_values_supported";
            assert_eq!(metadata[algorithms], expected[algorithms], "{path}");
        }

        // Keys of earlier tokens are still published. HS256 beside them would invite readers to take one of
        // them for the secret.
        let app = app.restart_with(&["security.token.algorithm=HS256"]).await;
        let metadata = app.client.get(PATH, None).await.expect(200);
        assert_eq!(metadata["id_token_signing_alg_values_supported"], json!(["ES256", "EdDSA"]));
        assert_eq!(metadata["jwks_uri"], expected["jwks_uri"]);
        app.stop().await;
    }

    async fn the_metadata_may_be_cached_and_need_not_be_sent_again(backend: Backend) {
        let app = App::start(backend).await;
        for path in [PATH, ALIAS] {
            let answer = app.client.get(path, None).await;
            assert_eq!(answer.header("cache-control"), "public, max-age=300");
            assert!(answer.header("content-type").starts_with("application/json"));
            let etag = answer.header("etag").to_owned();
            answer.expect(200);
            for (held, status) in [(etag.as_str(), 304), (etag.trim_start_matches("W/"), 304), ("*", 304), ("\"x\"", 200)] {
                let request = app.client.request(Method::GET, path).header(IF_NONE_MATCH, held);
                let answer = app.client.answer(request).await;
                assert_eq!((answer.status, answer.header("etag")), (status, etag.as_str()), "{path} {held}");
                assert_eq!(answer.header("cache-control"), "public, max-age=300");
                assert_eq!(answer.bytes.is_empty(), status == 304);
            }
        }
        app.stop().await;
    }

    async fn the_issuer_is_that_of_the_tokens_wherever_the_service_is_reached(backend: Backend) {
        let settings = ["security.token.issuer=https://id.test", "security.token.algorithm=HS256"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let metadata = app.client.get(ALIAS, None).await.expect(200);
        let (_, login) = app.new_user().await;
        assert_eq!((&metadata["issuer"], &claims(&login.access)["iss"]), (&json!("https://id.test"), &json!("https://id.test")));
        assert_eq!(metadata["service_documentation"], format!("{SERVICE}/docs"));
        // HS256 publishes no keys.
        assert_eq!(metadata.get("jwks_uri"), None);
        assert_eq!(metadata["id_token_signing_alg_values_supported"], json!(["HS256"]));
        app.stop().await;
    }
}
