use reqwest::Url;
use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::client::claims;
use crate::support::{App, Backend, both_backends};

/// What a proxy serves whose path `/auth` is this service, which gets the requests without that path.
const PUBLIC: &str = "https://svc.test/auth";

/// The links of a page, in order.
fn links(page: &str) -> Vec<String> {
    let attributes = ["href=\"", "src=\"", "data-to=\""];
    let links = attributes.iter().flat_map(|attribute| page.split(attribute).skip(1));
    let links = links.map(|rest| rest.split('"').next().unwrap().to_owned());
    links.filter(|link| !link.starts_with("data:")).collect()
}

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

        // A browser that opened the public URL itself, without a slash at its end.
        let index = app.client.get("/", None).await;
        let links = links(&String::from_utf8(index.bytes).unwrap());
        let resolved: Vec<_> = links.iter().map(|link| Url::parse(PUBLIC).unwrap().join(link).unwrap()).collect();
        let expected = ["docs", "redoc", "docs/events", "openapi.json", "asyncapi.json", "health"].map(|page| format!("{PUBLIC}/{page}"));
        assert_eq!(resolved.iter().map(Url::as_str).collect::<Vec<_>>(), expected);
        app.stop().await;
    }

    async fn pages_refer_to_each_other_by_relative_links(backend: Backend) {
        let app = App::start(backend).await;
        for path in ["/docs", "/docs/events", "/redoc", "/account/verify-email", "/account/confirm-email", "/account/reset-password", "/account/accept-invitation"] {
            let page = app.client.get(path, None).await;
            let text = String::from_utf8(page.bytes.clone()).unwrap();
            for link in links(&text) {
                assert!(!link.starts_with('/') && !link.contains("//"), "{path} leads to {link}");
                let leads_to = Url::parse(&format!("{PUBLIC}{path}")).unwrap().join(&link).unwrap();
                assert!(leads_to.as_str().starts_with(&format!("{PUBLIC}/")), "{path} leads to {leads_to}");
            }
        }
        let script = app.client.get("/docs/start.js", None).await;
        assert!(String::from_utf8(script.bytes).unwrap().contains("url: \"openapi.json\""), "relative");
        app.stop().await;
    }
}
