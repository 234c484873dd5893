use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{At, limited, limited_with};
use crate::support::app::{Login, PASSWORD};
use crate::support::hashers::Overloaded;
use crate::support::{App, Backend, both_backends};

const CLIENT: &str = "203.0.113.9";

/// Sends a request until a limit refuses it, and returns how many were not refused.
async fn passes(send: impl AsyncFn(usize) -> u16) -> usize {
    for number in 0..200 {
        if send(number).await == 429 {
            return number;
        }
    }
    panic!("there is no limit");
}

async fn user(app: &App) -> (At<'_>, Login) {
    let client = At(app, CLIENT);
    client.register("ada@example.com").await.expect(201);
    (client, Login::of(&client.log_in("ada@example.com", PASSWORD).await.expect(200)))
}

both_backends! {
    async fn accounts_by_prefix(backend: Backend) {
        let app = limited(backend).await;
        let register = async |number| At(&app, CLIENT).register(&format!("user{number}@example.com")).await.status;
        assert_eq!(passes(register).await, 10);
        At(&app, "203.0.113.10").register("other@example.com").await.expect(201);
        app.clock.advance(Duration::from_mins(6));
        assert_eq!(register(11).await, 201);
        app.stop().await;
    }

    async fn a_registration_that_failed_in_the_service_uses_nothing_up(backend: Backend) {
        let app = App::start_with(
            backend,
            super::LIMITED,
            |builder| builder.hasher(Arc::new(Overloaded)),
        )
        .await
        .cached()
        .await;
        for number in 0..30 {
            let answer = At(&app, CLIENT).register(&format!("user{number}@example.com")).await;
            assert_eq!(answer.rejection(), (503, "overloaded".to_owned()));
        }
        app.stop().await;
    }

    async fn mails_per_mailbox_from_any_address_without_a_rejection(backend: Backend) {
        let app = limited(backend).await;
        for number in 0..12 {
            let address = format!("198.51.100.{number}");
            At(&app, &address).register(&format!("Ada+{number}@Example.com")).await.expect(201);
        }
        At(&app, CLIENT).register("eva@example.com").await.expect(201);
        let login = Login::of(&At(&app, CLIENT).log_in("eva@example.com", PASSWORD).await.expect(200));
        let wish = json!({ "new_email": "ada+x@example.com", "password": PASSWORD });
        let path = "/api/v1/users/me/email";
        At(&app, CLIENT).send(Method::POST, path, Some(&login.access), Some(&wish)).await.expect(202);
        let again = json!({ "email": "ada+11@example.com" });
        let post = async |path: &str| At(&app, CLIENT).send(Method::POST, path, None, Some(&again)).await.expect(202);
        post("/api/v1/auth/email/verify/resend").await;
        app.answer_mail_requests().await;
        // Ten mails verify an address; the mail of Eva goes to another mailbox.
        let tokens = "SELECT purpose FROM mail_tokens ORDER BY email_key";
        assert_eq!(app.database.texts(tokens).await.len(), 11);
        // A reset helps only the owner of the mailbox, so mails that others had sent there do not block it.
        post("/api/v1/auth/password/forgot").await;
        app.answer_mail_requests().await;
        assert_eq!(app.database.texts(tokens).await.len(), 12);
        app.stop().await;
    }

    async fn invitations_per_mailbox_for_administrators(backend: Backend) {
        let app = limited(backend).await;
        let admin = app.new_admin().await;
        let send = async |method, path: &str, body: Option<&Value>| {
            At(&app, CLIENT).send(method, path, Some(&admin.access), body).await
        };
        let invite = async |email: &str| {
            send(Method::POST, "/api/v1/users", Some(&json!({ "email": email, "invite": true }))).await
        };
        let user = invite("ada@example.com").await.expect(201);
        let resend = format!("/api/v1/invitations/{}/resend", user["id"].as_str().unwrap());
        let again = async |_| send(Method::POST, &resend, None).await.status;
        // What mails nothing draws nothing.
        for _ in 0..20 {
            assert_eq!(invite("ada@example.com").await.rejection(), (409, "email_taken".to_owned()));
        }
        assert_eq!(passes(again).await, 9, "the invitation was the first");
        let refused = send(Method::POST, &resend, None).await;
        assert_eq!(refused.header("ratelimit-policy"), "\"recipient\";q=10;w=3600");
        assert_eq!(invite("ada+2@example.com").await.status, 429);
        // A user with a password gets a mail to verify the address.
        let with_password = json!({ "email": "ada+3@example.com", "password": PASSWORD });
        assert_eq!(send(Method::POST, "/api/v1/users", Some(&with_password)).await.status, 429);
        let unknown = "SELECT email FROM users WHERE email LIKE 'ada+%'";
        assert!(app.database.texts(unknown).await.is_empty());
        invite("eva@example.com").await.expect(201);
        app.clock.advance(Duration::from_mins(6));
        assert_eq!(again(0).await, 200);
        // Operators have no limit.
        let operator = crate::support::given::operator();
        let invited = svc::domain::UserRef::Email(crate::support::given::email("ada@example.com"));
        for _ in 0..20 {
            app.container.use_cases.invitations.resend.run(&invited, operator).await.unwrap();
        }
        app.stop().await;
    }

    /// With `registration.reveal_existing = false`.
    async fn hidden_registrations_per_prefix_and_mailbox(backend: Backend) {
        let app = limited_with(backend, &["registration.reveal_existing=false"]).await;
        let register = async |number| At(&app, CLIENT).register(&format!("user{number}@example.com")).await.status;
        assert_eq!(passes(register).await, 10);
        app.answer_registrations().await;
        let users = async || app.database.texts("SELECT email FROM users").await.len();
        assert_eq!(users().await, 10);
        // Beyond the budget of the mailbox there is an account, and no mail; a taken address has no notice.
        for number in 0..12 {
            let client = format!("198.51.100.{number}");
            At(&app, &client).register(&format!("ada+{number}@example.com")).await.expect(202);
        }
        At(&app, "198.51.100.13").register("ada+1@example.com").await.expect(202);
        app.answer_registrations().await;
        At(&app, "198.51.100.14").register("ada+2@example.com").await.expect(202);
        app.answer_registrations().await;
        assert_eq!(users().await, 22);
        let tokens = "SELECT email FROM mail_tokens WHERE email LIKE 'ada+%'";
        assert_eq!(app.database.texts(tokens).await.len(), 10);
        let notices = "SELECT type FROM outbox WHERE type = 'svc.user.registration_repeated.v1'";
        assert!(app.database.texts(notices).await.is_empty());
        app.stop().await;
    }

    async fn mails_of_every_kind_per_prefix_for_any_accounts(backend: Backend) {
        let app = limited(backend).await;
        // The accounts log in from elsewhere: the address that requests a mail is what counts.
        let mut logins = Vec::new();
        for number in 0..8 {
            let email = format!("user{number}@example.com");
            At(&app, CLIENT).register(&email).await.expect(201);
            logins.push(Login::of(&At(&app, "203.0.113.10").log_in(&email, PASSWORD).await.expect(200)));
        }
        let ask = async |number: usize| {
            let forgot = json!({ "email": format!("other{number}@example.com") });
            let change = json!({ "new_email": format!("other{number}@example.com"), "password": PASSWORD });
            let (path, login, body) = match number % 3 {
                0 => ("auth/password/forgot", None, forgot),
                1 => ("auth/email/verify/resend", None, forgot),
                _ => ("users/me/email", Some(logins[number / 3].access.as_str()), change),
            };
            At(&app, CLIENT).send(Method::POST, &format!("/api/v1/{path}"), login, Some(&body)).await.status
        };
        assert_eq!(passes(ask).await, 22);
        // No kind of request that mails a user passes, and other users are not affected.
        for number in 0..3 {
            assert_eq!(ask(number).await, 429);
        }
        assert_eq!(At(&app, CLIENT).register("late@example.com").await.status, 429);
        At(&app, "203.0.113.10").register("late@example.com").await.expect(201);
        At(&app, CLIENT).log_in("user0@example.com", PASSWORD).await.expect(200);
        app.clock.advance(Duration::from_mins(2));
        assert_eq!(ask(3).await, 202);
        app.stop().await;
    }

    async fn requests_for_mails_and_their_tokens_per_prefix(backend: Backend) {
        let app = limited(backend).await;
        let token = format!("svcm_{}", "A".repeat(43));
        let doors: [(&str, Value); 4] = [
            ("password/forgot", json!({ "email": "unknown@example.com" })),
            ("password/reset", json!({ "token": token, "new_password": "another horse battery" })),
            ("email/verify", json!({ "token": token })),
            ("email/verify/resend", json!({ "email": "unknown@example.com" })),
        ];
        let ask = async |number: usize| {
            let (path, body) = &doors[number % 4];
            let path = format!("/api/v1/auth/{path}");
            At(&app, CLIENT).send(Method::POST, &path, None, Some(body)).await.status
        };
        assert_eq!(passes(ask).await, 20);
        app.stop().await;
    }

    async fn changes_of_the_address_per_user(backend: Backend) {
        let app = limited(backend).await;
        let (client, login) = user(&app).await;
        // A request that changes nothing uses nothing up.
        for _ in 0..3 {
            for (new_email, password, status) in
                [("ada@example.com", PASSWORD, 422), ("new@example.com", "wrong horse battery", 422)]
            {
                let body = json!({ "new_email": new_email, "password": password });
                let path = "/api/v1/users/me/email";
                client.send(Method::POST, path, Some(&login.access), Some(&body)).await.expect(status);
            }
        }
        let wish = async |number: usize| {
            let body = json!({ "new_email": format!("new{number}@example.com"), "password": PASSWORD });
            client.send(Method::POST, "/api/v1/users/me/email", Some(&login.access), Some(&body)).await.status
        };
        assert_eq!(passes(wish).await, 5);
        app.stop().await;
    }

    async fn refreshes_by_session(backend: Backend) {
        let app = limited_with(backend, &["security.token.refresh_grace=0s"]).await;
        let (client, login) = user(&app).await;
        let token = std::sync::Mutex::new(login.refresh.clone());
        let refresh = async |_| {
            let body = json!({ "refresh_token": *token.lock().unwrap() });
            let answer = client.send(Method::POST, "/api/v1/auth/refresh", None, Some(&body)).await;
            if answer.status == 200 {
                *token.lock().unwrap() = Login::of(&answer.json()).refresh;
            }
            answer.status
        };
        assert_eq!(passes(refresh).await, 120);
        // Nothing was consumed. A client elsewhere has its own count, so it still learns that a token was
        // replaced.
        let body = json!({ "refresh_token": login.refresh });
        let reused = At(&app, "203.0.113.10").send(Method::POST, "/api/v1/auth/refresh", None, Some(&body)).await;
        assert_eq!(reused.rejection(), (401, "token_reused".to_owned()));
        // Another session has another count.
        let other = Login::of(&client.log_in("ada@example.com", PASSWORD).await.expect(200));
        let body = json!({ "refresh_token": other.refresh });
        client.send(Method::POST, "/api/v1/auth/refresh", None, Some(&body)).await.expect(200);
        app.stop().await;
    }

    async fn a_hundred_parallel_refreshes_are_one_refresh(backend: Backend) {
        let app = limited(backend).await;
        let (client, login) = user(&app).await;
        let body = json!({ "refresh_token": login.refresh });
        let refreshes = (0..100).map(|_| client.send(Method::POST, "/api/v1/auth/refresh", None, Some(&body)));
        let answers = join_all(refreshes).await;
        assert_eq!(super::count(&answers, 200), 100);
        app.stop().await;
    }

    async fn invalid_tokens_per_prefix_while_valid_ones_pass(backend: Backend) {
        let app = limited(backend).await;
        let (client, login) = user(&app).await;
        let forged = format!("{}AAAA", login.access);
        let show = async |token: &str| client.send(Method::GET, "/api/v1/users/me", Some(token), None).await;
        let refresh = json!({ "refresh_token": "svcr_AAAA" });
        let present = async |number: usize| match number % 4 {
            0 => show(&forged).await.status,
            1 => show("eyJhbGciOiJub25lIn0.e30.").await.status,
            2 => client.send(Method::POST, "/api/v1/auth/refresh", None, Some(&refresh)).await.status,
            _ => client.send(Method::POST, "/api/v1/auth/logout", None, Some(&refresh)).await.status,
        };
        assert_eq!(passes(present).await, 20);
        let refused = show(&forged).await;
        assert_eq!(refused.rejection(), (429, "rate_limited".to_owned()));
        show(&login.access).await.expect(200);
        app.stop().await;
    }

    async fn expired_tokens_do_not_count(backend: Backend) {
        let app = limited(backend).await;
        let (client, login) = user(&app).await;
        app.clock.advance(Duration::from_mins(20));
        for _ in 0..30 {
            let answer = client.send(Method::GET, "/api/v1/users/me", Some(&login.access), None).await;
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()));
        }
        app.stop().await;
    }

    async fn changes_per_user_unless_an_administrator(backend: Backend) {
        let app = limited(backend).await;
        let (client, login) = user(&app).await;
        let rename = async |token: &str, number: usize| {
            let body = json!({ "name": format!("Ada {number}") });
            client.send(Method::PATCH, "/api/v1/users/me", Some(token), Some(&body)).await.status
        };
        assert_eq!(passes(async |number| rename(&login.access, number).await).await, 60);
        client.send(Method::GET, "/api/v1/users/me", Some(&login.access), None).await.expect(200);
        let admin = app.new_admin().await;
        for number in 0..70 {
            assert_eq!(rename(&admin.access, number).await, 200);
        }
        app.stop().await;
    }
}
