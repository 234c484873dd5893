use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use svc::domain::{Email, Session, UserId, UserRef};
use svc::ports::Clock;
use svc::usecases::TokenRequest;

use crate::support::app::{Login, PASSWORD};
use crate::support::tokens::moment;
use crate::support::{App, Backend, both_backends, given};

const MINUTE: Duration = Duration::from_mins(1);

async fn sessions(app: &App, login: &Login) -> Vec<Value> {
    let list = app.client.get("/api/v1/auth/sessions", Some(&login.access)).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

/// Returns the ids of the sessions, in the order of the list.
async fn ids(app: &App, login: &Login) -> Vec<String> {
    sessions(app, login).await.iter().map(|session| session["id"].as_str().unwrap().to_owned()).collect()
}

both_backends! {
    async fn a_session_shows_where_and_when(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register("ada@example.com").await;
        let opened = app.clock.now();
        let request = app
            .client
            .request(Method::POST, "/api/v1/auth/login")
            .header("user-agent", "svc-test/1")
            .header("x-forwarded-for", "203.0.113.7")
            .json(&json!({ "email": user["email"], "password": PASSWORD }));
        let login = Login::of(&app.client.answer(request).await.expect(200));
        app.clock.advance(MINUTE);
        let login = app.refreshed(&login).await;

        let list = sessions(&app, &login).await;
        let [session] = &list[..] else { panic!("{list:?}") };
        assert_eq!(session["id"], login.session_id());
        assert_eq!(session["current"], true);
        assert_eq!(session["label"], Value::Null);
        // No trusted proxy reports another address of the client.
        assert_eq!(session["client_address"], "127.0.0.1");
        assert_eq!(session["client_agent"], Value::Null, "the client that refreshed sent no user agent");
        assert_eq!(moment(&session["created_at"]), opened);
        assert_eq!(moment(&session["refreshed_at"]), opened.plus(MINUTE));
        assert_eq!(moment(&session["expires_at"]), opened.plus(MINUTE + Duration::from_hours(30 * 24)));
        app.stop().await;
    }

    async fn an_agent_is_cut_and_cleaned(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register("ada@example.com").await;
        let agent = format!("a\tb{}", "c".repeat(900));
        let request = app
            .client
            .request(Method::POST, "/api/v1/auth/login")
            .header("user-agent", &agent)
            .json(&json!({ "email": user["email"], "password": PASSWORD }));
        let login = Login::of(&app.client.answer(request).await.expect(200));
        let shown = format!("ab{}", "c".repeat(254));
        assert_eq!(sessions(&app, &login).await[0]["client_agent"], shown);
        app.stop().await;
    }

    async fn the_newest_is_first_and_the_current_one_is_marked(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let second = app.log_in(email).await;
        app.clock.advance(MINUTE);
        let third = app.log_in(email).await;
        // The order is that of the log-ins, whichever session is refreshed.
        let first = app.refreshed(&first).await;
        let order = [third.session_id(), second.session_id(), first.session_id()];
        for (current, login) in [&third, &second, &first].into_iter().enumerate() {
            assert_eq!(ids(&app, login).await, order);
            let marked: Vec<_> = sessions(&app, login).await.iter().map(|session| session["current"] == true).collect();
            assert_eq!(marked, [0, 1, 2].map(|index| index == current));
        }
        app.stop().await;
    }

    async fn ended_sessions_are_not_shown(backend: Backend) {
        let app = App::start(backend).await;
        let (user, brief) = app.new_user().await;
        let email = user["email"].as_str().unwrap();
        let logged_out = app.log_in(email).await;
        app.log_out(&logged_out.refresh).await.expect(204);
        app.clock.advance(MINUTE);
        let login = app.log_in(email).await;
        app.clock.advance(Duration::from_micros((30 * 24 * 60 - 1) * 60_000_000 - 1));
        let login = app.refreshed(&login).await;
        assert_eq!(ids(&app, &login).await, [login.session_id(), brief.session_id()]);
        app.clock.advance(Duration::from_micros(1));
        assert_eq!(ids(&app, &login).await, [login.session_id()]);
        app.stop().await;
    }

    async fn an_operators_token_is_labelled(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let email = Email::parse(user["email"].as_str().unwrap()).unwrap();
        let request = TokenRequest { user: UserRef::Email(email), ttl: None, refresh: false, audience: None, actor: given::operator() };
        let issued = app.container.use_cases.auth.issue_token.run(&request).await.unwrap();
        let list = sessions(&app, &login).await;
        assert_eq!(list[0]["id"], issued.session.id.to_string());
        assert_eq!((&list[0]["label"], &list[0]["current"]), (&json!("cli"), &json!(false)));
        assert_eq!(list[0]["client_address"], Value::Null);
        app.stop().await;
    }

    async fn the_pages_show_every_session_once(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let mut logins = vec![first];
        for _ in 0..6 {
            logins.push(app.log_in(user["email"].as_str().unwrap()).await);
        }
        let newest_first: Vec<_> = logins.iter().rev().map(Login::session_id).collect();
        let access = Some(logins[3].access.as_str());
        for limit in [1, 3, 6, 7, 8] {
            let (mut pages, mut cursor) = (Vec::new(), String::new());
            loop {
                let path = format!("/api/v1/auth/sessions?limit={limit}{cursor}");
                let page = app.client.get(&path, access).await.expect(200);
                pages.push(page["items"].as_array().unwrap().clone());
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(pages.len(), newest_first.len().div_ceil(limit), "no page is empty");
            let shown = pages.concat();
            let ids: Vec<_> = shown.iter().map(|session| session["id"].as_str().unwrap()).collect();
            assert_eq!(ids, newest_first, "{limit}");
            let current: Vec<_> = shown.iter().filter(|session| session["current"] == true).collect();
            assert!(current.len() == 1 && current[0]["id"] == logins[3].session_id());
        }
        app.stop().await;
    }

    async fn a_page_is_bounded_and_its_parameters_are_checked(backend: Backend) {
        let app = App::start_with(backend, &["security.sessions_per_user=300"], |builder| builder).await;
        let (user, login) = app.new_user().await;
        let admin = app.new_admin().await;
        let id = UserId(user["id"].as_str().unwrap().parse().unwrap());
        let until = app.clock.now().plus(Duration::from_hours(1));
        let session = || Session { idle_expires_at: until, absolute_expires_at: until, ..given::session(id) };
        let sessions: Vec<_> = (0..250).map(|_| session()).collect();
        given::store_sessions(&app.database.store, &sessions).await;
        let (own, of_user) = ("/api/v1/auth/sessions".to_owned(), format!("/api/v1/users/{id}/sessions"));
        for (path, access) in [(own, &login.access), (of_user, &admin.access)] {
            let get = async |query: &str| app.client.get(&format!("{path}{query}"), Some(access)).await;
            for (query, length) in [("", 50), ("?limit=200", 200)] {
                let page = get(query).await.expect(200);
                assert_eq!(page["items"].as_array().unwrap().len(), length);
                assert!(page["next_cursor"].is_string());
            }
            for (query, wrong) in [("?limit=201", "/limit out_of_range"), ("?limit=0", "/limit out_of_range")] {
                let answer = get(query).await;
                assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()));
                assert_eq!(answer.wrong_values(), [wrong]);
            }
            assert_eq!(get("?cursor=x").await.rejection(), (400, "malformed_request".to_owned()));
        }
        app.stop().await;
    }

    async fn no_user_sees_the_sessions_of_another(backend: Backend) {
        let app = App::start(backend).await;
        let (_, ada) = app.new_user().await;
        let (_, eve) = app.new_user().await;
        assert_eq!(ids(&app, &ada).await, [ada.session_id()]);
        assert_eq!(ids(&app, &eve).await, [eve.session_id()]);
        app.stop().await;
    }
}
