//! An attacker prepares an account with the victim's address, and the victim starts to use it
//! (docs/decisions/0011).

use serde_json::{Value, json};
use svc::domain::MailPurpose;

use crate::support::app::{Login, PASSWORD};
use crate::support::{App, Backend, both_backends};

/// The password that the victim chooses; the attacker knows [`PASSWORD`].
const OF_THE_VICTIM: &str = "another horse battery";

/// Makes the account that the attacker registered with the victim's address, and a session of it.
async fn prepared(app: &App) -> (Value, Login) {
    app.new_user().await
}

/// The victim resets the password by mail, and logs in.
async fn recovered(app: &App, user: &Value) -> Login {
    app.reset(&app.forgotten(user).await, OF_THE_VICTIM).await.expect(204);
    let login = app.try_log_in(user["email"].as_str().unwrap(), OF_THE_VICTIM).await;
    Login::of(&login.expect(200))
}

/// Panics if any token or password of the attacker still opens the account.
async fn expect_locked_out(app: &App, user: &Value, attacker: &Login) {
    app.expect_ended(attacker).await;
    let answer = app.try_log_in(user["email"].as_str().unwrap(), PASSWORD).await;
    assert_eq!(answer.rejection(), (401, "invalid_credentials".to_owned()));
}

both_backends! {
    async fn unexpired_session(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        let (user, attacker) = prepared(&app).await;
        app.me(&attacker.access).await.expect(200);
        let victim = recovered(&app, &user).await;
        expect_locked_out(&app, &user, &attacker).await;
        assert_eq!(app.me(&victim.access).await.expect(200)["email_verified"], true);
        app.stop().await;
    }

    async fn trojan_identifier(backend: Backend) {
        let app = App::start(backend).await;
        let (user, attacker) = prepared(&app).await;
        // The attacker's own address, as a second way into the account.
        let own = App::address();
        app.change_email(&attacker, &own).await.expect(202);
        let change = app.mailed(&user, MailPurpose::ChangeEmail).await;
        let victim = recovered(&app, &user).await;
        for password in [PASSWORD, OF_THE_VICTIM] {
            app.verify_with(&change, password).await.expect_dead_token();
            assert_eq!(app.try_log_in(&own, password).await.rejection().1, "invalid_credentials");
        }
        app.forgot(&own).await.expect(202);
        let asked = app.events_of(&user).await;
        let resets = asked.iter().filter(|event| *event == "svc.user.password_reset_requested.v1");
        assert_eq!(resets.count(), 1, "the victim's");
        assert_eq!(app.me(&victim.access).await.expect(200)["email"], user["email"]);
        expect_locked_out(&app, &user, &attacker).await;
        app.stop().await;
    }

    async fn unexpired_email_change(backend: Backend) {
        let app = App::start(backend).await;
        // The attacker has an account of their own, and requests a change to the victim's address.
        let (user, attacker) = prepared(&app).await;
        let of_the_victim = App::address();
        app.change_email(&attacker, &of_the_victim).await.expect(202);
        let change = app.mailed(&user, MailPurpose::ChangeEmail).await;
        // The victim confirms without the password, or with the one that they would choose.
        expect_password_missing(&app, &change).await;
        assert_eq!(app.verify_with(&change, OF_THE_VICTIM).await.wrong_values(), ["/password wrong_password"]);
        assert_eq!(app.me(&attacker.access).await.expect(200)["email"], user["email"]);
        // The address is still free for its owner, and nothing of the attacker opens that account.
        let owned = app.register(&of_the_victim).await;
        assert_ne!(owned["id"], user["id"]);
        assert_eq!(app.verify(&change).await.rejection(), (409, "email_taken".to_owned()));
        app.stop().await;
    }

    async fn the_victim_verifies(backend: Backend) {
        let app = App::start(backend).await;
        let (user, attacker) = prepared(&app).await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        let before = app.events_of(&user).await;
        expect_password_missing(&app, &token).await;
        let answer = app.verify_with(&token, OF_THE_VICTIM).await;
        assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
        assert_eq!(answer.wrong_values(), ["/password wrong_password"]);
        // A session of another account proves nothing either.
        let (_, other) = app.new_user().await;
        assert_eq!(app.verify_as(&token, &other).await.wrong_values(), ["/password missing"]);
        assert_eq!(app.me(&attacker.access).await.expect(200)["email_verified"], false);
        assert_eq!(app.events_of(&user).await, before);

        app.disown(&token).await.expect(204);
        expect_locked_out(&app, &user, &attacker).await;
        let victim = recovered(&app, &user).await;
        assert_eq!(app.me(&victim.access).await.expect(200)["email_verified"], true);
        app.stop().await;
    }

    async fn the_attacker_cannot_verify_without_the_mail(backend: Backend) {
        let app = App::start(backend).await;
        let (user, attacker) = prepared(&app).await;
        for token in ["", "svcm_", &attacker.access, &attacker.refresh] {
            app.verify_as(token, &attacker).await.expect_dead_token();
            app.verify(token).await.expect_dead_token();
            app.disown(token).await.expect_dead_token();
        }
        assert_eq!(app.me(&attacker.access).await.expect(200), user);
        app.stop().await;
    }
}

async fn expect_password_missing(app: &App, token: &str) {
    let answer = app.client.post("/api/v1/auth/email/verify", &json!({ "token": token })).await;
    assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
    assert_eq!(answer.wrong_values(), ["/password missing"]);
}
