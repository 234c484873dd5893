//! The queue of passwords, which no client and no account can fill for others. Rate limits are off: a crowd
//! of clients that stays within them can still request far more than the service can hash.

use std::cell::Cell;
use std::sync::Arc;

use futures_util::future::{join, join_all};
use reqwest::Method;
use serde_json::json;
use svc::domain::MailPurpose;

use super::At;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::hashers::Closed;
use crate::support::process::until;
use crate::support::{App, Backend, both_backends};

/// Of eight places and one worker, a client gets the worker and two places: a quarter.
const SHARE: usize = 3;
const OTHER: &str = "2001:db8:0:2::1";

async fn app(backend: Backend, hasher: &Arc<Closed>) -> App {
    let hasher = hasher.clone();
    App::start_with(backend, &["server.trusted_proxies=127.0.0.1"], |builder| builder.hasher(hasher)).await
}

/// Returns an address of the crowd; all are in one /64.
fn crowded(host: usize) -> String {
    format!("2001:db8:0:1::{host:x}")
}

fn expect_overloaded(answer: &Answer) {
    assert_eq!(answer.rejection(), (503, "overloaded".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
}

/// Lets this many clients log in while the hasher is closed, runs `during` after all but their share were
/// refused, and opens it.
async fn besieged(
    app: &App,
    hasher: &Closed,
    crowd: usize,
    client: impl Fn(usize) -> (String, String),
    during: impl Future<Output = ()>,
) {
    let refused = Cell::new(0);
    let log_ins = (0..crowd).map(async |number| {
        let (address, email) = client(number);
        let answer = At(app, &address).log_in(&email, "wrong horse battery").await;
        if answer.status == 401 {
            return;
        }
        expect_overloaded(&answer);
        refused.set(refused.get() + 1);
    });
    let besieged = async {
        until(async || refused.get() == crowd - SHARE).await;
        during.await;
        hasher.open();
    };
    join(join_all(log_ins), besieged).await;
    assert_eq!(refused.get(), crowd - SHARE);
}

both_backends! {
    async fn of_two_hundred_clients_of_one_64_a_share_waits_and_others_log_in(backend: Backend) {
        let hasher = Closed::new(1, 8);
        let app = app(backend, &hasher).await;
        app.register("ada@example.com").await;
        let log_in = async {
            hasher.arrived(u32::try_from(SHARE).unwrap()).await;
            let log_in = At(&app, OTHER).log_in("ada@example.com", PASSWORD);
            let let_go = async {
                hasher.arrived(1).await;
                hasher.open();
            };
            join(log_in, let_go).await.0.expect(200);
        };
        let client = |number| (crowded(number), format!("user{number}@example.com"));
        besieged(&app, &hasher, 200, client, log_in).await;
        app.stop().await;
    }

    async fn of_two_hundred_addresses_that_guess_at_one_account_a_share_waits_and_others_log_in(backend: Backend) {
        let hasher = Closed::new(1, 8);
        let app = app(backend, &hasher).await;
        app.register("ada@example.com").await;
        let log_in = async {
            hasher.arrived(u32::try_from(SHARE).unwrap()).await;
            let log_in = At(&app, OTHER).log_in("ada@example.com", PASSWORD);
            let let_go = async {
                hasher.arrived(1).await;
                hasher.open();
            };
            join(log_in, let_go).await.0.expect(200);
        };
        let client = |number| (format!("198.51.100.{number}"), "Eva@example.com".to_owned());
        besieged(&app, &hasher, 200, client, log_in).await;
        app.stop().await;
    }

    async fn all_operations_that_hash_use_the_share_of_their_client(backend: Backend) {
        let hasher = Closed::new(1, 8);
        let app = app(backend, &hasher).await;
        let user = app.register("ada@example.com").await;
        hasher.let_one_go();
        let login = app.log_in("ada@example.com").await;
        hasher.arrived(1).await;
        let forgot = json!({ "email": "ada@example.com" });
        app.client.post("/api/v1/auth/password/forgot", &forgot).await.expect(202);
        let token = app.mailed(&user, MailPurpose::ResetPassword).await;
        let crowd = crowded(0xffff);
        let new = "another horse battery";
        let reset = json!({ "token": token, "new_password": new });
        let calls = [
            (Method::POST, "users/me/password", json!({ "current_password": PASSWORD, "new_password": new })),
            (Method::POST, "users/me/email", json!({ "new_email": App::address(), "password": PASSWORD })),
            (Method::DELETE, "users/me", json!({ "password": PASSWORD })),
            (Method::POST, "auth/register", json!({ "email": App::address(), "password": PASSWORD })),
            (Method::POST, "auth/password/reset", reset.clone()),
        ];
        let call = async {
            for (method, path, body) in &calls {
                let path = format!("/api/v1/{path}");
                let token = path.contains("/users/").then_some(login.access.as_str());
                let answer = At(&app, &crowd).send(method.clone(), &path, token, Some(body)).await;
                expect_overloaded(&answer);
            }
            At(&app, OTHER).register(&App::address()).await.expect(201);
            let path = "/api/v1/auth/password/reset";
            At(&app, OTHER).send(Method::POST, path, None, Some(&reset)).await.expect(204);
        };
        let client = |number| (crowded(number), format!("user{number}@example.com"));
        besieged(&app, &hasher, 20, client, call).await;
        At(&app, &crowd).log_in("ada@example.com", new).await.expect(200);
        app.stop().await;
    }
}
