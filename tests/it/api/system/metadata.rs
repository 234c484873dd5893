use serde_json::json;

use super::SERVICE;
use crate::support::client::claims;
use crate::support::{App, Backend, both_backends};

const PATH: &str = "/.well-known/oauth-authorization-server";

both_backends! {
    async fn the_metadata_lists_exactly_the_existing_features(backend: Backend) {
        let app = App::start(backend).await;
        let expected = json!({
            "issuer": SERVICE,
            "jwks_uri": format!("{SERVICE}/.well-known/jwks.json"),
            "service_documentation": format!("{SERVICE}/docs"),
            "response_types_supported": [],
            "grant_types_supported": [],
        });
        assert_eq!(app.client.get(PATH, None).await.expect(200), expected);
        let (_, login) = app.new_user().await;
        assert_eq!(claims(&login.access)["iss"], SERVICE);
        app.stop().await;
    }

    async fn the_issuer_is_that_of_the_tokens_wherever_the_service_is_reached(backend: Backend) {
        let settings = ["security.token.issuer=https://id.test", "security.token.algorithm=HS256"];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let metadata = app.client.get(PATH, None).await.expect(200);
        let (_, login) = app.new_user().await;
        assert_eq!((&metadata["issuer"], &claims(&login.access)["iss"]), (&json!("https://id.test"), &json!("https://id.test")));
        assert_eq!(metadata["service_documentation"], format!("{SERVICE}/docs"));
        // HS256 publishes no keys.
        assert_eq!(metadata.get("jwks_uri"), None);
        app.stop().await;
    }
}
