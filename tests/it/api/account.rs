//! The pages that mails link to.

use svc::domain::MailPurpose;

use crate::support::{App, Backend, both_backends};

const PAGES: [&str; 3] = ["verify-email", "confirm-email", "reset-password"];

both_backends! {
    async fn a_page_keeps_to_itself(backend: Backend) {
        let app = App::start(backend).await;
        for file in PAGES.into_iter().chain(["page.js", "page.css"]) {
            let answer = app.client.get(&format!("/account/{file}"), None).await;
            assert_eq!(answer.status, 200, "{file}");
            let kind = match file.split_once('.') {
                Some((_, "js")) => "text/javascript; charset=utf-8",
                Some(_) => "text/css; charset=utf-8",
                None => "text/html; charset=utf-8",
            };
            assert_eq!(answer.header("content-type"), kind);
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            let policy = answer.header("content-security-policy");
            for rule in ["default-src 'none';", "form-action 'none';", "frame-ancestors 'none'", "script-src 'self';"] {
                assert!(policy.contains(rule), "{policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("style="), "{file}");
            if kind.starts_with("text/html") {
                assert!(text.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n"), "{text}");
                let title = text.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
                assert!(text.contains(&format!("<h1>{title}</h1>")) && text.contains("<form data-to="), "{text}");
                assert!(!title.is_empty() && !text.contains(['{', '}']), "{text}");
            }
        }
        app.stop().await;
    }

    async fn viewing_a_page_uses_nothing_up(backend: Backend) {
        let app = App::start(backend).await;
        let user = app.register(&App::address()).await;
        let token = app.mailed(&user, MailPurpose::VerifyEmail).await;
        // Like a program that follows links and does not know fragments.
        for page in PAGES {
            for separator in ['#', '?'] {
                let path = format!("/account/{page}{separator}token={token}");
                assert_eq!(app.client.get(&path, None).await.status, 200);
            }
        }
        let path = "/api/v1/auth/email/verify";
        assert_eq!(app.client.get(path, None).await.rejection(), (405, "method_not_allowed".to_owned()));
        app.verify(&token).await.expect(204);
        app.stop().await;
    }
}
