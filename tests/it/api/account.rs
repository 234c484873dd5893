//! The pages that mails link to.

use reqwest::Method;
use svc::domain::MailPurpose;

use crate::support::{App, Backend, both_backends, folder};

const PAGES: [&str; 4] = ["verify-email", "confirm-email", "reset-password", "accept-invitation"];

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
                let heading = title.strip_suffix(" · svc.test").unwrap();
                assert!(text.contains(&format!("<h1>{heading}</h1>")) && text.contains("<form data-to="), "{text}");
                assert!(!title.is_empty() && !text.contains(['{', '}']), "{text}");
            }
        }
        app.stop().await;
    }

    /// The user is not known there: a link names the language of its mail, and the browser its own.
    async fn a_page_is_in_the_language_of_the_link_or_of_the_browser(backend: Backend) {
        let app = App::start(backend).await;
        for (path, accepts, language, title) in [
            ("/account/reset-password", "", "en", "Set a new password"),
            ("/account/reset-password", "de-AT,de;q=0.9,en;q=0.5", "de", "Neues Passwort festlegen"),
            ("/account/reset-password?lang=de", "en", "de", "Neues Passwort festlegen"),
            ("/account/reset-password?lang=en", "de", "en", "Set a new password"),
            ("/account/reset-password?lang=fr&x=%ff", "de", "de", "Neues Passwort festlegen"),
            ("/account/verify-email?lang=..%2Fen", "fr;q=1, *;q=0.1", "en", "Verify your email address"),
        ] {
            let answer = app.client.answer(app.client.request(Method::GET, path).header("accept-language", accepts)).await;
            assert_eq!((answer.status, answer.header("content-language")), (200, language), "{path}");
            assert!(answer.header("vary").to_lowercase().contains("accept-language"), "{answer:?}");
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            assert!(text.contains(&format!("<html lang=\"{language}\">")), "{text}");
            assert!(text.contains(&format!("<h1>{title}</h1>")), "{text}");
        }
        app.stop().await;
    }

    async fn a_page_has_the_name_and_the_logo_of_the_application(backend: Backend) {
        let folder = folder::new();
        let logo = folder.path().join("logo.svg");
        std::fs::write(&logo, "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
        let page = "{% extends \"layout.html\" %}{% block title %}OWN{% endblock %}\
            {% block form %}<form data-to=\"../api/v1/auth/password/reset\" data-done=\"Done\">\
            {{ service }}<input name=\"new_password\"></form>{% endblock %}";
        std::fs::create_dir_all(folder.path().join("pages/en")).unwrap();
        std::fs::write(folder.path().join("pages/en/reset_password.html"), page).unwrap();
        let settings = [
            "service.name=Ada & Co.",
            "account.return_url=https://app.example.com/home",
            &format!("service.logo={}", logo.display()),
            &format!("account.templates={}", folder.path().join("pages").display()),
        ];
        let app = App::start_with(backend, &settings, |builder| builder).await;
        let text = async |path: &str| String::from_utf8(app.client.get(path, None).await.bytes).unwrap();
        let verify = text("/account/verify-email").await;
        assert!(verify.contains("<title>Verify your email address · Ada &amp; Co.</title>"), "{verify}");
        assert!(verify.contains("<img src=\"logo\"") && verify.contains("https:&#x2f;&#x2f;app.example.com"), "{verify}");
        assert!(text("/account/reset-password").await.contains("<h1>OWN</h1>"));
        let answer = app.client.get("/account/logo", None).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "image/svg+xml"));
        // An image that is opened by itself may contain a script.
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
        app.stop().await;
        let plain = App::start(backend).await;
        assert_eq!(plain.client.get("/account/logo", None).await.status, 404);
        plain.stop().await;
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
