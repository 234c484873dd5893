//! Hashes that were made by another service, or at a lower cost than the current one.

use futures_util::future::join_all;
use svc::domain::Password;
use svc::ports::{Origin, PasswordHasher};

use crate::support::app::PASSWORD;
use crate::support::hashers::argon2;
use crate::support::{App, Backend, both_backends};

/// The cost with which `App` starts here; everything below it is outdated.
const COST: &[&str] = &["security.password.memory_kib=64", "security.password.iterations=2"];
const CURRENT: &str = "$argon2id$v=19$m=64,t=2,p=1$";

/// Returns hashes of `PASSWORD` that are weaker than new ones.
async fn outdated() -> [String; 3] {
    let password = Password::new(PASSWORD);
    let cheap = async |memory, passes| {
        argon2(memory, passes).hash(&Origin::default(), &password).await.unwrap().expose().to_owned()
    };
    let bcrypt = bcrypt::hash_with_salt(PASSWORD, 4, [7; 16]).unwrap().to_string();
    [bcrypt, cheap(8, 2).await, cheap(64, 1).await]
}

async fn app(backend: Backend) -> App {
    App::start_with(backend, COST, |builder| builder).await
}

/// Stores a hash, bypassing the service.
async fn store(app: &App, hash: &str) {
    app.database.execute(&format!("UPDATE users SET password_hash = '{hash}'")).await.unwrap();
}

async fn stored(app: &App) -> String {
    app.database.texts("SELECT password_hash FROM users").await.remove(0)
}

both_backends! {
    async fn it_is_replaced_by_the_next_log_in(backend: Backend) {
        let app = app(backend).await;
        let user = app.register("ada@example.com").await;
        for hash in outdated().await {
            store(&app, &hash).await;
            assert_eq!(app.try_log_in("ada@example.com", "incorrect horse").await.status, 401);
            assert_eq!(stored(&app).await, hash, "a wrong password replaces nothing");

            let login = app.log_in("ada@example.com").await;
            let new = stored(&app).await;
            assert!(new.starts_with(CURRENT), "{new}");
            app.log_in("ada@example.com").await;
            assert_eq!(stored(&app).await, new, "a current hash stays");
            // The password is the same: no session ends, and others see the same user.
            app.refreshed(&login).await;
            assert_eq!(app.me(&login.access).await.expect(200), user);
        }
        assert!(app.events_of(&user).await[1..].iter().all(|event| event == "svc.session.started.v1"));
        app.stop().await;
    }

    async fn a_dearer_one_stays(backend: Backend) {
        let app = app(backend).await;
        app.register("ada@example.com").await;
        let dearer = argon2(128, 2).hash(&Origin::default(), &Password::new(PASSWORD)).await.unwrap();
        store(&app, dearer.expose()).await;
        app.log_in("ada@example.com").await;
        assert_eq!(stored(&app).await, dearer.expose());
        app.stop().await;
    }

    async fn a_locked_user_keeps_it(backend: Backend) {
        let app = app(backend).await;
        app.register("ada@example.com").await;
        let [hash, ..] = outdated().await;
        app.database
            .execute(&format!("UPDATE users SET status = 'locked', password_hash = '{hash}'"))
            .await
            .unwrap();
        assert_eq!(app.try_log_in("ada@example.com", PASSWORD).await.status, 403);
        assert_eq!(stored(&app).await, hash);
        app.stop().await;
    }

    async fn many_devices_may_log_in_at_once(backend: Backend) {
        let app = app(backend).await;
        let user = app.register("ada@example.com").await;
        for hash in outdated().await {
            store(&app, &hash).await;
            join_all((0..16).map(|_| app.log_in("ada@example.com"))).await;
        }
        assert_eq!(app.live_sessions(&user).await, 3 * 16);
        assert!(stored(&app).await.starts_with(CURRENT));
        app.stop().await;
    }
}
