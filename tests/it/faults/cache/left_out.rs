//! Each tier of the cache can be switched off; only the speed changes.

use reqwest::Method;
use serde_json::json;

use crate::support::{App, Backend, both_backends};

both_backends! {
    async fn changes_are_visible_at_once_without_any_tier(backend: Backend) {
        let left_out: [&[&str]; 5] = [
            &["cache.entries=0"],
            &["cache.tokens=0"],
            &["cache.entries=0", "cache.tokens=0"],
            &["cache.url=memory:", "cache.entries=0"],
            &["cache.url=off:"],
        ];
        for settings in left_out {
            let app = App::start_with(backend, settings, |builder| builder).await.cached().await;
            let (user, login) = app.new_user().await;
            for name in ["Ada", "Grace"] {
                for _ in 0..3 {
                    assert_eq!(app.me(&login.access).await.expect(200)["id"], user["id"], "{settings:?}");
                }
                let (path, body) = ("/api/v1/users/me", json!({ "name": name }));
                app.client.send(Method::PATCH, path, Some(&login.access), Some(&body)).await.expect(200);
                assert_eq!(app.me(&login.access).await.expect(200)["name"], name, "{settings:?}");
            }
            app.log_out(&login.refresh).await.expect(204);
            for _ in 0..3 {
                assert_eq!(app.me(&login.access).await.rejection(), (401, "session_revoked".to_owned()), "{settings:?}");
            }
            app.stop().await;
        }
    }
}
