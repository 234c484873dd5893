use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::client::claims;
use crate::support::{App, Backend, both_backends};

/// What a proxy serves whose path `/auth` is this service, which gets the requests without that path.
const PUBLIC: &str = "https://svc.test/auth";

both_backends! {
    async fn everything_that_a_client_is_led_to_is_below_the_path_of_the_public_url(backend: Backend) {
        let settings = ["server.public_url=https://svc.test/auth/"];
        let app = App::start_with(backend, &settings, |builder| builder).await;

        let body = json!({ "email": App::address(), "password": PASSWORD });
        let answer = app.client.post("/api/v1/auth/register", &body).await;
        let location = answer.header("location").to_owned();
        let user = answer.expect(201);
        assert_eq!(location, format!("/auth/api/v1/users/{}", user["id"].as_str().unwrap()));

        let login = app.log_in(user["email"].as_str().unwrap()).await;
        assert_eq!((&claims(&login.access)["iss"], &claims(&login.access)["aud"]), (&json!(PUBLIC), &json!(PUBLIC)));
        let metadata = app.client.get("/.well-known/oauth-authorization-server", None).await.expect(200);
        assert_eq!(metadata["issuer"], PUBLIC);
        assert_eq!(metadata["jwks_uri"], format!("{PUBLIC}/.well-known/jwks.json"));
        assert_eq!(metadata["service_documentation"], format!("{PUBLIC}/docs"));

        let document = app.client.get("/openapi.json", None).await.expect(200);
        assert_eq!(document["servers"][0]["url"], PUBLIC);
        let sample = document["paths"]["/health/live"]["get"]["x-codeSamples"][0]["source"].as_str().unwrap();
        assert_eq!(sample, format!("curl {PUBLIC}/health/live"));
        app.stop().await;
    }

    async fn pages_refer_to_each_other_by_relative_links(backend: Backend) {
        let app = App::start(backend).await;
        for path in ["/", "/docs", "/redoc", "/account/verify-email", "/account/confirm-email", "/account/reset-password"] {
            let page = app.client.get(path, None).await;
            let text = String::from_utf8(page.bytes.clone()).unwrap();
            for attribute in ["href=\"", "src=\"", "data-to=\""] {
                let links = text.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap());
                for link in links.filter(|link| !link.starts_with("data:")) {
                    assert!(!link.starts_with('/') && !link.contains("//"), "{path} leads to {link}");
                }
            }
        }
        let script = app.client.get("/docs/start.js", None).await;
        assert!(String::from_utf8(script.bytes).unwrap().contains("url: \"openapi.json\""), "relative");
        app.stop().await;
    }
}
