use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{ask, ban, becomes_banned, is_banned, network, send, start, unban};
use crate::support::app::PASSWORD;
use crate::support::{App, Backend, both_backends};

const BANNED: &str = "203.0.113.9";

both_backends! {
    async fn every_request_of_a_banned_address_is_refused(backend: Backend) {
        let app = start(backend).await;
        let (_, login) = app.new_user().await;
        ban(&app, &network(BANNED), 0).await;
        becomes_banned(&app, BANNED, true).await;
        for path in [
            "/api/v1/users/me",
            "/api/v1/users",
            "/.well-known/jwks.json",
            "/.well-known/oauth-authorization-server",
            "/.well-known/openid-configuration",
            "/openapi.json",
            "/docs",
            "/docs/events",
            "/redoc",
            "/account/verify-email",
            "/nothing",
            "/",
        ] {
            let answer = ask(&app, BANNED, path, Some(&login.access)).await;
            assert_eq!(answer.rejection(), (403, "banned".to_owned()), "{path}");
            assert_eq!(answer.json()["detail"], "Requests from this IP address are refused.");
            assert!(answer.header("retry-after").is_empty(), "the ban has no end");
        }
        let body = json!({ "email": "ada@example.com", "password": PASSWORD });
        for path in ["/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout"] {
            let answer = send(&app, Method::POST, BANNED, path, None, Some(&body)).await;
            assert_eq!(answer.rejection(), (403, "banned".to_owned()), "{path}");
        }
        // Operators must still see the health of the service.
        for path in ["/health/live", "/health/ready", "/health"] {
            ask(&app, BANNED, path, None).await.expect(200);
        }
        ask(&app, "203.0.113.8", "/api/v1/users/me", Some(&login.access)).await.expect(200);
        unban(&app, &network(BANNED)).await;
        becomes_banned(&app, BANNED, false).await;
        ask(&app, BANNED, "/api/v1/users/me", Some(&login.access)).await.expect(200);
        app.stop().await;
    }

    async fn a_whole_network_is_banned_in_every_spelling(backend: Backend) {
        let app = start(backend).await;
        ban(&app, &network("203.0.113.0/24"), 0).await;
        ban(&app, &network("2001:db8:1:2:3::/64"), 0).await;
        ban(&app, &network("::ffff:198.51.100.7"), 0).await;
        becomes_banned(&app, "198.51.100.7", true).await;
        for address in [
            "203.0.113.0",
            "203.0.113.255",
            "::ffff:203.0.113.9",
            "203.0.113.9:4711",
            "2001:db8:1:2::1",
            "[2001:db8:1:2:ffff::1]:4711",
            "::ffff:198.51.100.7",
        ] {
            assert!(is_banned(&app, address).await, "{address}");
        }
        for address in ["203.0.112.255", "203.0.114.0", "2001:db8:1:3::1", "198.51.100.8"] {
            assert!(!is_banned(&app, address).await, "{address}");
        }
        // Addresses left of the last untrusted hop are not trustworthy.
        assert!(is_banned(&app, "192.0.2.1, 203.0.113.9").await);
        assert!(!is_banned(&app, "203.0.113.9, 192.0.2.1").await);
        app.stop().await;
    }

    async fn a_ban_ends_on_time_and_the_answer_says_when(backend: Backend) {
        let app = start(backend).await;
        ban(&app, &network(BANNED), 90).await;
        becomes_banned(&app, BANNED, true).await;
        let retry_after = async || {
            let answer = ask(&app, BANNED, "/.well-known/jwks.json", None).await;
            assert_eq!(answer.rejection(), (403, "banned".to_owned()));
            answer.header("retry-after").to_owned()
        };
        assert_eq!(retry_after().await, "90");
        app.clock.advance(Duration::from_millis(88_500));
        assert_eq!(retry_after().await, "2");
        app.clock.advance(Duration::from_millis(1_499));
        assert_eq!(retry_after().await, "1");
        app.clock.advance(Duration::from_millis(1));
        assert!(!is_banned(&app, BANNED).await);
        app.stop().await;
    }

    async fn without_a_proxy_the_peer_is_the_client(backend: Backend) {
        let app = App::start(backend).await.cached().await;
        ban(&app, &network(BANNED), 0).await;
        ban(&app, &network("192.0.2.0/24"), 0).await;
        // The list has been read since then: a service without trusted proxies ignores the header.
        crate::support::process::until(async || {
            let bans = &app.container.bans();
            matches!(bans.of_address(BANNED.parse().unwrap(), app.container.clock().now()), Ok(Some(_)))
        })
        .await;
        assert!(!is_banned(&app, BANNED).await);
        app.stop().await;
    }
}
