//! Each call of the store fails once, in every request that registers, logs in, refreshes or logs out: once
//! before it is executed, and once after, when its answer is lost.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Login, PASSWORD};
use crate::support::client::Answer;
use crate::support::faulty_store::{Fault, Faults};
use crate::support::{App, Backend, both_backends};

/// Starts a service without a cache, so that every read is a call of the store, and without background tasks,
/// whose calls would meet a fault.
async fn app(backend: Backend) -> (App, Faults) {
    let faults = Faults::default();
    let replace = faults.wrap();
    (
        App::start_bare_with(backend, &["cache.url=off:"], |builder| builder.around_store(replace)).await,
        faults,
    )
}

#[track_caller]
fn expect_unavailable(answer: &Answer) {
    assert_eq!(answer.rejection(), (503, "unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), "1");
    let text = String::from_utf8_lossy(&answer.bytes);
    assert!(!text.contains("fault"), "{text}");
}

/// Fails every call, until there is none left: `round` makes a request that meets the fault, and returns
/// whether it was met. Returns how many calls there were.
async fn sweep(fault: Fault, mut round: impl AsyncFnMut(usize, Fault) -> bool) -> usize {
    let mut calls = 0;
    while round(calls, fault).await {
        calls += 1;
    }
    calls
}

const BOTH: [Fault; 2] = [Fault::Before, Fault::After];

both_backends! {
    async fn a_refresh_that_failed_succeeds_when_it_is_tried_again(backend: Backend) {
        let (app, faults) = app(backend).await;
        let (user, mut login) = app.new_user().await;
        for fault in BOTH {
            let calls = sweep(fault, async |call, fault| {
                faults.after(call, fault);
                let answer = app.refresh(&login.refresh).await;
                let met = faults.was_met();
                if met {
                    expect_unavailable(&answer);
                    login = app.refreshed(&login).await;
                } else {
                    login = Login::of(&answer.expect(200));
                }
                app.me(&login.access).await.expect(200);
                met
            });
            assert_eq!(calls.await, 1, "the rotation");
        }
        app.refreshed(&login).await;
        assert_eq!(app.live_sessions(&user).await, 1);
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
        app.stop().await;
    }

    async fn a_theft_ends_the_session_once_whatever_failed(backend: Backend) {
        let (app, faults) = app(backend).await;
        for fault in BOTH {
            let calls = sweep(fault, async |call, fault| {
                let (user, first) = app.new_user().await;
                let newest = app.refreshed(&app.refreshed(&first).await).await;
                faults.after(call, fault);
                let mut answer = app.refresh(&first.refresh).await;
                let met = faults.was_met();
                if met {
                    expect_unavailable(&answer);
                    answer = app.refresh(&first.refresh).await;
                }
                // If the session had ended already, the answer reports that.
                let (status, code) = answer.rejection();
                assert!(status == 401 && (code == "token_reused" || met && code == "session_revoked"), "{code}");
                app.expect_ended(&newest).await;
                let events = app.events_of(&user).await;
                assert_eq!(events[2..], ["svc.session.reuse_detected.v1", "svc.session.revoked.v1"]);
                met
            });
            assert_eq!(calls.await, 4, "the rotation that finds nothing, the session, the unit of work, its commit");
        }
        app.stop().await;
    }

    async fn a_log_in_that_failed_can_be_tried_again(backend: Backend) {
        let (app, faults) = app(backend).await;
        let user = app.register("ada@example.com").await;
        for fault in BOTH {
            let calls = sweep(fault, async |call, fault| {
                faults.after(call, fault);
                let answer = app.try_log_in("ada@example.com", PASSWORD).await;
                let met = faults.was_met();
                if met {
                    expect_unavailable(&answer);
                }
                app.log_in("ada@example.com").await;
                met
            });
            assert_eq!(calls.await, 2, "the account, the session that starts");
        }
        // A session whose answer was lost has its event too.
        let events = app.events_of(&user).await;
        assert_eq!(events.len() - 1, app.live_sessions(&user).await);
        app.stop().await;
    }

    async fn a_registration_that_failed_was_done_completely_or_not_at_all(backend: Backend) {
        let (app, faults) = app(backend).await;
        for fault in BOTH {
            let calls = sweep(fault, async |call, fault| {
                let email = App::address();
                let body = json!({ "email": email, "password": PASSWORD });
                let register = async || app.client.post("/api/v1/auth/register", &body).await;
                faults.after(call, fault);
                let answer = register().await;
                let met = faults.was_met();
                if met {
                    expect_unavailable(&answer);
                    assert!([201, 409].contains(&register().await.status));
                }
                let login = app.log_in(&email).await;
                let user = app.me(&login.access).await.expect(200);
                assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
                met
            });
            assert_eq!(calls.await, 2, "the unit of work, its commit");
        }
        app.stop().await;
    }

    async fn a_log_out_that_failed_can_be_tried_again(backend: Backend) {
        let (app, faults) = app(backend).await;
        let end = async |login: &Login, way: usize| {
            let one = format!("/api/v1/auth/sessions/{}", login.session_id());
            let access = Some(login.access.as_str());
            match way {
                0 => app.log_out(&login.refresh).await,
                1 => app.client.send(Method::DELETE, &one, access, None).await,
                _ => app.client.send(Method::POST, "/api/v1/auth/logout-all", access, None).await,
            }
        };
        let user = app.register("ada@example.com").await;
        for way in 0..3 {
            for fault in BOTH {
                sweep(fault, async |call, fault| {
                    let login = app.log_in("ada@example.com").await;
                    faults.after(call, fault);
                    let answer = end(&login, way).await;
                    let met = faults.was_met();
                    if met {
                        expect_unavailable(&answer);
                        let again = end(&login, way).await;
                        assert!(again.status == 204 || again.rejection().1 == "session_revoked", "{again:?}");
                    } else {
                        answer.expect(204);
                    }
                    app.expect_ended(&login).await;
                    met
                })
                .await;
            }
        }
        let events = app.events_of(&user).await;
        let count = |kind: &str| events.iter().filter(|event| *event == kind).count();
        assert!(count("svc.session.started.v1") > 20, "{events:?}");
        assert_eq!(count("svc.session.revoked.v1"), count("svc.session.started.v1"), "each ended once");
        app.stop().await;
    }

    async fn a_fault_of_the_store_is_not_an_authentication_failure(backend: Backend) {
        let (app, faults) = app(backend).await;
        let (_, login) = app.new_user().await;
        let calls = sweep(Fault::Before, async |call, fault| {
            faults.after(call, fault);
            let answer = app.client.get("/api/v1/auth/sessions", Some(&login.access)).await;
            let met = faults.was_met();
            if met {
                expect_unavailable(&answer);
                assert_eq!(answer.header("www-authenticate"), "");
            } else {
                assert_eq!(answer.expect(200)["items"].as_array().map(Vec::len), Some(1));
            }
            met
        });
        assert_eq!(calls.await, 3, "the session, the user, the list");
        let nothing: Value = app.client.get("/health/live", None).await.expect(200);
        assert_eq!(nothing["status"], "ok");
        app.stop().await;
    }
}
