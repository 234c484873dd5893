use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::Value;
use svc::domain::{Role, User, UserStatus};

use crate::support::app::Login;
use crate::support::client::Answer;
use crate::support::{App, Backend, both_backends, given};

async fn list(app: &App, admin: &Login, query: &str) -> Answer {
    app.client.get(&format!("/api/v1/users?{query}"), Some(&admin.access)).await
}

/// Reads every page of a query, until there is no next one.
async fn walk(app: &App, admin: &Login, query: &str) -> Vec<Vec<Value>> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(app, admin, &format!("{query}{cursor}")).await.expect(200);
        pages.push(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
        assert!(pages.len() < 100, "the pages have no end");
    }
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect()
}

/// Stores thirty users: every third an administrator, every fourth locked.
async fn thirty(app: &App) -> Vec<User> {
    let user = |i: u32| User {
        role: if i.is_multiple_of(3) { Role::Admin } else { Role::User },
        status: if i.is_multiple_of(4) { UserStatus::Locked } else { UserStatus::Active },
        ..given::user(&App::address())
    };
    let users: Vec<_> = (0..30).map(user).collect();
    given::store_users(&app.database.store, &users).await;
    users
}

both_backends! {
    async fn the_pages_show_every_user_once_in_the_order_they_registered(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        thirty(&app).await;
        let all = ids(&walk(&app, &admin, "limit=200").await.concat());
        assert!(all.len() == 31 && all.is_sorted());
        for limit in [1, 2, 7, 30, 31, 32] {
            let pages = walk(&app, &admin, &format!("limit={limit}")).await;
            assert_eq!(ids(&pages.concat()), all, "{limit}");
            assert_eq!(pages.len(), all.len().div_ceil(limit), "no page is empty");
            assert!(pages[..pages.len() - 1].iter().all(|page| page.len() == limit));
        }
        assert_eq!(walk(&app, &admin, "").await.len(), 1, "fifty unless said");
        app.stop().await;
    }

    async fn paging_is_stable_while_users_are_added_and_deleted(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let before: Vec<_> = thirty(&app).await.iter().map(|user| user.id.to_string()).collect();
        let first = list(&app, &admin, "limit=10").await.expect(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        // The user of the cursor is deleted, and another user registers.
        let last = first["items"].as_array().unwrap().last().unwrap().clone();
        super::delete(&app, &admin, &last).await.expect(204);
        let new = app.register(&App::address()).await;
        let second = list(&app, &admin, &format!("limit=200&cursor={cursor}")).await.expect(200);
        let mut rest = ids(second["items"].as_array().unwrap());
        assert_eq!(rest.pop().as_deref(), new["id"].as_str());
        assert_eq!(rest[..20], before[10..]);
        app.stop().await;
    }

    async fn filters_hold_alone_and_together(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let mut users = thirty(&app).await;
        let own = app.client.get("/api/v1/users/me", Some(&admin.access)).await.expect(200);
        users.push(User { role: Role::Admin, email: given::email(own["email"].as_str().unwrap()), ..given::user("x@y.zz") });
        for role in [None, Some(Role::User), Some(Role::Admin)] {
            for status in [None, Some(UserStatus::Active), Some(UserStatus::Locked)] {
                let query = [role.map(|role| format!("role={role}")), status.map(|status| format!("status={status}"))];
                let query = query.into_iter().flatten().chain(["limit=3".to_owned()]).collect::<Vec<_>>().join("&");
                let matches = |user: &&User| {
                    role.is_none_or(|role| user.role == role) && status.is_none_or(|status| user.status == status)
                };
                let expected: Vec<_> = users.iter().filter(matches).map(|user| user.email.to_string()).collect();
                let found = walk(&app, &admin, &query).await.concat();
                let found: Vec<_> = found.iter().map(|user| user["email"].as_str().unwrap()).collect();
                assert_eq!(found, expected, "{query}");
                assert!(!found.is_empty());
            }
        }
        app.stop().await;
    }

    async fn an_address_finds_its_user_in_every_spelling(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let user = app.register("Stra\u{df}e@B\u{fc}cher.example").await;
        for email in ["stra%C3%9Fe@b%C3%BCcher.example", "STRASSE@xn--bcher-kva.example", "+strasse%40B%C3%BCcher.EXAMPLE"] {
            let page = list(&app, &admin, &format!("email={email}&role=user&status=active")).await.expect(200);
            assert_eq!(page["items"], Value::from(vec![user.clone()]), "{email}");
            assert_eq!(page["next_cursor"], Value::Null);
        }
        for query in ["email=unknown@example.com", "email=strasse@xn--bcher-kva.example&role=admin"] {
            let page = list(&app, &admin, query).await.expect(200);
            assert_eq!(page, serde_json::json!({ "items": [], "next_cursor": null }), "{query}");
        }
        app.stop().await;
    }

    async fn a_cursor_from_nowhere_is_malformed(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let cursors = [
            String::new(),
            "nowhere".to_owned(),
            "%00".to_owned(),
            "%ff".to_owned(),
            admin.user_id(),
            b64(&[7; 15]),
            b64(&[7; 17]),
            URL_SAFE.encode([7; 16]),
            "A".repeat(4000),
        ];
        for cursor in cursors {
            let answer = list(&app, &admin, &format!("cursor={cursor}")).await;
            assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()), "{cursor}");
            assert_eq!(answer.wrong_values(), ["/cursor bad_cursor"]);
        }
        // No user can sort after the greatest id.
        let page = list(&app, &admin, &format!("cursor={}", b64(&[255; 16]))).await.expect(200);
        assert_eq!(page["items"], Value::Array(vec![]));
        app.stop().await;
    }

    async fn every_wrong_parameter_is_named(backend: Backend) {
        let app = App::start(backend).await;
        let admin = app.new_admin().await;
        let limits = [
            ("0", "out_of_range"), ("201", "out_of_range"), ("-1", "out_of_range"),
            ("9223372036854775808", "out_of_range"), ("x", "wrong_type"), ("", "wrong_type"),
            ("1.5", "wrong_type"), ("%2B5", "wrong_type"), ("05", "wrong_type"), ("-0", "wrong_type"), ("1e2", "wrong_type"), ("5&limit=6", "malformed"),
        ];
        for (limit, code) in limits {
            let answer = list(&app, &admin, &format!("limit={limit}")).await;
            assert_eq!(answer.rejection(), (422, "validation_failed".to_owned()), "{limit}");
            assert_eq!(answer.wrong_values(), [format!("/limit {code}")], "{limit}");
        }
        let wrong = "limit=0&email=unknown&role=king&status=LOCKED";
        let named = ["/limit out_of_range", "/email malformed", "/role unknown_word", "/status unknown_word"];
        let answer = list(&app, &admin, wrong).await;
        assert_eq!((answer.status, answer.wrong_values()), (422, named.map(str::to_owned).to_vec()));

        let answer = list(&app, &admin, &format!("{wrong}&cursor=nowhere")).await;
        assert_eq!(answer.rejection(), (400, "malformed_request".to_owned()));
        let mut all = answer.wrong_values();
        assert_eq!(all.remove(1), "/cursor bad_cursor");
        assert_eq!(all, named);
        app.stop().await;
    }
}
