use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn a_service_that_cannot_sign_is_not_ready(backend: Backend) {
        let app = App::start(backend).await;
        app.database.execute("DELETE FROM signing_keys").await.unwrap();
        let answer = app.client.get("/health/ready", None).await;
        assert_eq!(answer.refusal(), (503, "unavailable".to_owned()));
        assert_eq!(answer.json()["detail"], "Not ready. signing_keys: down.");
        assert_eq!(app.client.get("/health/live", None).await.expect(200)["status"], "ok");
    }
}
