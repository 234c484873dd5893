use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn a_visitor_becomes_a_user(backend: Backend) {
        let app = App::start(backend).await;
        let body = json!({ "email": " Ada@Example.com", "password": PASSWORD, "name": "Ada" });
        let answer = app.client.post("/api/v1/auth/register", &body).await;
        let location = answer.header("location").to_owned();
        let user = answer.expect(201);
        assert_eq!(user["email"], "Ada@Example.com");
        assert_eq!(user["name"], "Ada");
        assert_eq!((&user["role"], &user["status"]), (&json!("user"), &json!("active")));
        assert_eq!(user["email_verified"], false);
        assert_eq!(location, format!("/api/v1/users/{}", user["id"].as_str().unwrap()));
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1"]);
        app.stop().await;
    }
}
