use serde_json::{Value, json};

use crate::cli::user::{create, text};
use crate::support::process::Installation;
use crate::support::{Backend, both_backends};

fn inspect(installation: &Installation, more: &[&str], token: &str) -> Value {
    installation.run_with_input(&[&["token", "inspect"], more].concat(), token).expect(0).hides(token).json()
}

fn outcome<'a>(inspected: &'a Value, part: &str) -> &'a str {
    let checks = inspected["checks"].as_array().unwrap();
    text(checks.iter().find(|check| check["part"] == part).unwrap(), "outcome")
}

both_backends! {
    async fn a_token_is_decoded_and_each_check_has_an_outcome(backend: Backend) {
        let installation = Installation::migrated(backend).await.set("SVC_SERVER__PUBLIC_URL", "http://svc.test");
        let ada = create(&installation, "ada@example.com", &[]);
        let issued = installation.run(&["issue-token", "--user", "ada@example.com"]).expect(0).json();
        let token = text(&issued, "access_token");
        let inspected = inspect(&installation, &[], token);
        assert_eq!((&inspected["valid"], &inspected["key_status"]), (&json!(true), &json!("active")));
        assert_eq!((&inspected["claims"]["sub"], &inspected["header"]["typ"]), (&ada["id"], &json!("at+jwt")));
        assert_eq!(inspected["header"]["kid"], inspected["key_id"]);
        let parts: Vec<&str> = inspected["checks"].as_array().unwrap().iter().map(|check| text(check, "part")).collect();
        let all = ["form", "header", "type", "key", "algorithm", "signature", "claims", "issuer", "audience", "issued", "expiry"];
        assert_eq!(parts, all);
        assert!(parts.iter().all(|part| outcome(&inspected, part) == "passed"), "{inspected:#}");

        // A revoked session is not the concern of this command.
        installation.run(&["session", "revoke", text(&issued, "session_id"), "--yes"]).expect(0);
        assert_eq!(inspect(&installation, &[], token)["valid"], json!(true));

        let other = inspect(&installation, &["--set", "security.token.audience=other"], token);
        assert_eq!((&other["valid"], outcome(&other, "audience")), (&json!(false), "failed"));
        assert_eq!(outcome(&other, "signature"), "passed");
        let elsewhere = Installation::migrated(Backend::Sqlite).await;
        create(&elsewhere, "ada@example.com", &[]);
        let foreign = inspect(&elsewhere, &[], token);
        assert_eq!((outcome(&foreign, "key"), outcome(&foreign, "signature")), ("failed", "skipped"));
        assert_eq!(foreign["key_status"], Value::Null);

        let table = installation.run_with_input(&["token", "inspect", "-o", "table"], token).expect(0).stdout;
        assert!(table.starts_with("The token verifies.\n"), "{table}");
        assert!(table.contains("\nsignature  passed\n"), "{table}");
    }

    async fn other_texts_are_refused(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        // The first command generates the secret key, and says so.
        installation.run(&["user", "list"]).expect(0);
        for (input, expected) in [
            ("", "standard input: empty"),
            ("hello", "this is no access token: not three segments"),
            ("a.b.c", "this is no access token: the header is not"),
            ("svcr_AZkAAAAA", "this is no access token"),
        ] {
            let ran = installation.run_with_input(&["token", "inspect"], input);
            assert_eq!(ran.stderr.trim_end().lines().count(), 1, "{ran:?}");
            ran.refused(65, &[expected]);
        }
        installation.run(&["token", "inspect", "a.b.c"]).refused(2, &["unexpected argument"]);
    }
}
