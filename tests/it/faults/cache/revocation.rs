//! Revoked access ends at once at the replica that revoked it, and soon at all others.

use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::{RevocationReason, UserId};

use super::soon;
use crate::support::app::Login;
use crate::support::{App, Backend, both_backends, given};

/// Starts two replicas, and makes a user that both have cached.
async fn start(backend: Backend) -> (App, App, Value, Login) {
    let here = App::start(backend).await.cached().await;
    let elsewhere = here.replica().await.cached().await;
    let (user, login) = here.new_user().await;
    for app in [&here, &elsewhere] {
        for _ in 0..3 {
            app.me(&login.access).await.expect(200);
        }
    }
    (here, elsewhere, user, login)
}

async fn refused(here: &App, elsewhere: &App, login: &Login, code: &str) {
    assert_eq!(here.me(&login.access).await.rejection(), (401, code.to_owned()));
    refused_soon(elsewhere, login, code).await;
}

async fn refused_soon(app: &App, login: &Login, code: &str) {
    soon("access is refused", async || app.me(&login.access).await.status != 200).await;
    for _ in 0..3 {
        assert_eq!(app.me(&login.access).await.rejection(), (401, code.to_owned()));
    }
}

both_backends! {
    async fn a_log_out_ends_access(backend: Backend) {
        let (here, elsewhere, _, login) = start(backend).await;
        here.log_out(&login.refresh).await.expect(204);
        refused(&here, &elsewhere, &login, "session_revoked").await;
        elsewhere.stop().await;
        here.stop().await;
    }

    async fn a_lock_ends_access(backend: Backend) {
        let (here, elsewhere, user, login) = start(backend).await;
        let admin = here.new_admin().await;
        here.set_status(&admin, &user, "locked").await;
        refused(&here, &elsewhere, &login, "session_revoked").await;
        elsewhere.stop().await;
        here.stop().await;
    }

    async fn a_deletion_ends_access(backend: Backend) {
        let (here, elsewhere, user, login) = start(backend).await;
        let admin = here.new_admin().await;
        here.delete(&admin, &user).await;
        refused(&here, &elsewhere, &login, "invalid_token").await;
        elsewhere.stop().await;
        here.stop().await;
    }

    async fn a_former_administrator_cannot_restore_the_role_at_another_replica(backend: Backend) {
        let (here, elsewhere, _, _) = start(backend).await;
        let (fallen, admin) = (here.new_admin().await, here.new_admin().await);
        let path = format!("/api/v1/users/{}", fallen.user_id());
        elsewhere.client.get(&path, Some(&fallen.access)).await.expect(200);
        let set_role = async |app: &App, by: &Login, role: &str| {
            app.client.send(Method::PATCH, &path, Some(&by.access), Some(&json!({ "role": role }))).await
        };
        set_role(&here, &admin, "user").await.expect(200);
        // At once: there was no time for an invalidation.
        let undone = set_role(&elsewhere, &fallen, "admin").await;
        assert_eq!(undone.rejection(), (403, "forbidden".to_owned()));
        elsewhere.stop().await;
        here.stop().await;
    }

    async fn a_user_whose_token_was_stolen_loses_the_session(backend: Backend) {
        let (here, elsewhere, _, login) = start(backend).await;
        let newest = here.refreshed(&here.refreshed(&login).await).await;
        elsewhere.me(&newest.access).await.expect(200);
        assert_eq!(here.refresh(&login.refresh).await.rejection(), (401, "token_reused".to_owned()));
        refused(&here, &elsewhere, &newest, "session_revoked").await;
        elsewhere.stop().await;
        here.stop().await;
    }

    async fn a_command_revokes_access(backend: Backend) {
        let (here, elsewhere, _, login) = start(backend).await;
        let command = here.command();
        let user = UserId(login.user_id().parse().unwrap());
        let end = &command.use_cases.sessions.revoke_all;
        end.run(user, None, given::operator(), RevocationReason::LoggedOutEverywhere).await.unwrap();
        command.close().await;
        for app in [&here, &elsewhere] {
            refused_soon(app, &login, "session_revoked").await;
        }
        elsewhere.stop().await;
        here.stop().await;
    }
}
