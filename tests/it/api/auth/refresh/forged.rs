//! Texts that are not our refresh tokens, however similar they are. None of them harms a session.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::client::claims;
use crate::support::{App, Backend, both_backends};

/// Returns session id, generation, salt and MAC of a token.
fn parts(token: &str) -> (Vec<u8>, u32, Vec<u8>, Vec<u8>) {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix("svcr_").unwrap()).unwrap();
    assert_eq!(bytes.len(), 16 + 4 + 16 + 32);
    let generation = u32::from_be_bytes(bytes[16..20].try_into().unwrap());
    (bytes[..16].to_vec(), generation, bytes[20..36].to_vec(), bytes[36..].to_vec())
}

fn token(id: &[u8], generation: u32, salt: &[u8], mac: &[u8]) -> String {
    format!("svcr_{}", URL_SAFE_NO_PAD.encode([id, &generation.to_be_bytes(), salt, mac].concat()))
}

async fn expect_invalid(app: &App, tokens: impl IntoIterator<Item = String>) {
    let tokens: Vec<String> = tokens.into_iter().collect();
    // In groups, as large as there are connections to spare.
    for tokens in tokens.chunks(16) {
        for (token, answer) in
            tokens.iter().zip(join_all(tokens.iter().map(|token| app.refresh(token))).await)
        {
            assert_eq!(answer.rejection(), (401, "invalid_token".to_owned()), "{token}");
            assert_eq!(answer.header("www-authenticate"), r#"Bearer error="invalid_token""#);
        }
    }
}

both_backends! {
    async fn a_token_with_one_bit_changed(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let login = app.refreshed(&login).await;
        let bytes = URL_SAFE_NO_PAD.decode(login.refresh.strip_prefix("svcr_").unwrap()).unwrap();
        let flipped = (0..bytes.len() * 8).map(|bit| {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            format!("svcr_{}", URL_SAFE_NO_PAD.encode(bytes))
        });
        expect_invalid(&app, flipped).await;
        app.refreshed(&login).await;
        assert_eq!(app.events_of(&user).await, ["svc.user.registered.v1", "svc.session.started.v1"]);
        app.stop().await;
    }

    async fn a_token_with_one_letter_changed(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let changed = (0..login.refresh.len()).map(|at| {
            let (before, after) = (&login.refresh[..at], &login.refresh[at + 1..]);
            format!("{before}{}{after}", if &login.refresh[at..=at] == "w" { "W" } else { "w" })
        });
        expect_invalid(&app, changed).await;
        app.refreshed(&login).await;
        app.stop().await;
    }

    async fn a_token_with_the_mac_of_another(backend: Backend) {
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let next = app.refreshed(&login).await;
        let (_, stranger) = app.new_user().await;
        let (id, generation, salt, mac) = parts(&next.refresh);
        let (other_id, _, other_salt, other_mac) = parts(&stranger.refresh);
        assert_eq!(generation, 1);
        expect_invalid(
            &app,
            [
                token(&id, generation, &salt, &other_mac),
                token(&id, generation, &other_salt, &mac),
                token(&id, 0, &other_salt, &other_mac),
                token(&other_id, generation, &salt, &mac),
                token(&other_id, 0, &other_salt, &mac),
                // The next token, and the previous one: each has its own MAC.
                token(&id, 2, &salt, &mac),
                token(&id, 0, &salt, &mac),
                token(&id, u32::MAX, &salt, &mac),
                token(&id, generation, &salt, &[0; 32]),
                token(&id, generation, &salt, &mac[..31]),
                token(&id, generation, &salt, &[]),
                token(&id, generation, &[], &mac),
                token(&[0; 16], generation, &salt, &mac),
            ],
        )
        .await;
        app.refreshed(&next).await;
        app.refreshed(&stranger).await;
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn a_token_of_another_database(backend: Backend) {
        // The same secret key, and a session that does not exist here.
        let (app, elsewhere) = (App::start(backend).await, App::start(backend).await);
        let (_, login) = elsewhere.new_user().await;
        expect_invalid(&app, [login.refresh]).await;
        app.stop().await;
        elsewhere.stop().await;
    }

    async fn something_else(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        let refresh = &login.refresh;
        let mut garbage: Vec<String> = (0..refresh.len()).map(|cut| refresh[..cut].to_owned()).collect();
        garbage.extend([
            format!("{refresh}="),
            format!("{refresh}A"),
            format!(" {refresh}"),
            format!("{refresh}\n"),
            format!("Bearer {refresh}"),
            refresh.to_uppercase(),
            refresh.replacen("svcr_", "", 1),
            refresh.replacen("svcr_", "svcr_svcr_", 1),
            claims(&login.access)["sid"].as_str().unwrap().to_owned(),
            "svcr_\0".to_owned(),
            "ключ".to_owned(),
            "A".repeat(10_000),
            // An access token is not a refresh token.
            login.access.clone(),
        ]);
        expect_invalid(&app, garbage).await;
        app.refreshed(&login).await;
        app.stop().await;
    }

    async fn a_refresh_token_is_not_an_access_token(backend: Backend) {
        let app = App::start(backend).await;
        let (_, login) = app.new_user().await;
        assert_eq!(app.me(&login.refresh).await.rejection(), (401, "invalid_token".to_owned()));
        app.refreshed(&login).await;
        app.stop().await;
    }

    async fn a_token_whose_session_has_another_salt(backend: Backend) {
        // As if the session was created again under the same id. The secret key alone is not enough to make a
        // valid token.
        let app = App::start(backend).await;
        let (user, login) = app.new_user().await;
        let other = match backend {
            Backend::Sqlite => "id",
            Backend::Postgres => "uuid_send(id)",
        };
        app.database.execute(&format!("UPDATE sessions SET salt = {other}")).await.unwrap();
        expect_invalid(&app, [login.refresh.clone()]).await;
        let ended = app.client.post("/api/v1/auth/logout", &json!({ "refresh_token": login.refresh })).await;
        assert_eq!(ended.rejection(), (401, "invalid_token".to_owned()));
        assert_eq!(app.live_sessions(&user).await, 1);
        app.stop().await;
    }

    async fn a_token_from_before_the_database_was_restored(backend: Backend) {
        let app = App::start(backend).await;
        let (user, first) = app.new_user().await;
        let second = app.refreshed(&first).await;
        app.database.execute("UPDATE sessions SET generation = 0").await.unwrap();
        expect_invalid(&app, [second.refresh.clone()]).await;
        assert_eq!(app.live_sessions(&user).await, 1);
        assert_eq!(app.refreshed(&first).await.refresh, second.refresh);
        app.stop().await;
    }
}
