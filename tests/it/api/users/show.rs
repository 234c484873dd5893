use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn an_administrator_sees_a_user_as_they_see_themselves(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let (user, login) = app.new_user().await;
        let shown = app.client.get(&super::path(&user), Some(&admin.access)).await;
        let own = app.client.get("/api/v1/users/me", Some(&login.access)).await;
        assert_eq!(shown.header("etag"), own.header("etag"));
        assert_eq!(shown.expect(200), user);

        let itself = app.client.get(&super::path(&super::account(&app, &admin).await), Some(&admin.access)).await;
        assert_eq!(itself.expect(200)["role"], "admin");
        app.stop().await;
    }
}
