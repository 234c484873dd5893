use serde_json::json;

use crate::support::process::{Installation, Serving};
use crate::support::{Backend, both_backends};

const PASSWORD: &str = "correct horse battery";
/// `PASSWORD`, hashed by another service.
const BCRYPT: &str = "$2b$04$312raBq6C44rXdrYfcZA9O4ckO776BKYq4JWIdAX9tAi4jtbdMmIG";
const ADA: [&str; 3] = ["create-user", "--email", "Ada@Example.com"];

fn with<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&ADA, arguments].concat()
}

async fn log_in(serving: &Serving, password: &str) -> u16 {
    let body = json!({ "email": "ada@example.com", "password": password });
    serving.client.post("/api/v1/auth/login", &body).await.status
}

both_backends! {
    async fn an_account_is_created_while_the_service_runs(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let serving = installation.serve();
        let ran = installation.run_with_input(
            &with(&["--name", "Ada", "--role", "admin", "--verified", "--password-stdin"]),
            &format!("{PASSWORD}\nsecond line\n"),
        );
        let user = ran.expect(0).hides(PASSWORD).json();
        assert_eq!((&user["email"], &user["name"]), (&json!("Ada@Example.com"), &json!("Ada")));
        assert_eq!((&user["role"], &user["email_verified"]), (&json!("admin"), &json!(true)));
        assert_eq!(log_in(&serving, PASSWORD).await, 200);
        let events = installation.texts("SELECT type FROM outbox WHERE actor = 'operator'").await;
        assert_eq!(events, ["svc.user.registered.v1"]);

        let again = installation.run_with_input(&with(&["--password-stdin"]), PASSWORD);
        again.refused(73, &["another account has this email address"]).hides(PASSWORD);
    }
}

both_backends! {
    async fn a_hash_of_another_service_keeps_its_password(backend: Backend) {
        let installation = Installation::migrated(backend).await.file("hash", format!("  {BCRYPT} \r\n"));
        let user = installation.run(&with(&["--verified", "--password-hash-file", "hash"])).expect(0);
        assert_eq!(user.hides("$2b$").json()["email_verified"], json!(true));
        assert_eq!(installation.texts("SELECT password_hash FROM users").await, [BCRYPT]);
        let serving = installation.serve();
        assert_eq!(log_in(&serving, "another password").await, 401);
        assert_eq!(log_in(&serving, PASSWORD).await, 200);
    }

    async fn a_hash_that_is_never_verified_makes_no_account(backend: Backend) {
        let installation = Installation::migrated(backend).await;
        let tail = "$c2FsdHNhbHRzYWx0c2FsdA$rkTI9fAgA7thDzzR8FHXhMiojYBreJBmYTkEzWypBCQ";
        for (hash, reason) in [
            (BCRYPT.replace("$04$", "$15$"), "the hash costs too much to verify"),
            (format!("$argon2id$v=19$m=524289,t=1,p=1{tail}"), "the hash costs too much to verify"),
            (format!("$scrypt$ln=20,r=8,p=1{tail}"), "the hash costs too much to verify"),
            (format!("$pbkdf2-sha256$i=4194306{tail}"), "the hash costs too much to verify"),
            (format!("$pbkdf2-sha1$i=1000{tail}"), "its scheme is unknown"),
            (format!("$argon2id$v=19$m=64,t=1,p=1{tail}")[..60].to_owned(), "the hash is malformed"),
            (PASSWORD.to_owned(), "the hash is malformed"),
            ("!".to_owned(), "the hash is malformed"),
            (String::new(), "standard input: the hash is empty"),
        ] {
            let ran = installation.run_with_input(&with(&["--password-hash-stdin"]), &hash);
            let cure = if hash.is_empty() { reason } else { "svc user invite" };
            ran.refused(65, &["standard input: ", reason, cure]).hides(tail).hides(PASSWORD);
        }
        let installation = installation.file("bad.hash", PASSWORD);
        let ran = installation.run(&with(&["--password-hash-file", "bad.hash"]));
        ran.refused(65, &["bad.hash: the hash is malformed"]).hides(PASSWORD);
        assert_eq!(installation.texts("SELECT email FROM users").await, [""; 0]);
        let both = with(&["--password-hash-stdin", "--generate-password"]);
        installation.run_with_input(&both, BCRYPT).refused(2, &["cannot be used with"]);
    }
}

#[tokio::test]
async fn a_made_password_is_printed_once_and_works() {
    let installation = Installation::default().patient();
    let user = installation.run(&with(&["--generate-password"])).expect(0).json();
    let password = user["password"].as_str().unwrap();
    assert_eq!(password.len(), 22);
    let serving = installation.serve();
    assert_eq!(log_in(&serving, password).await, 200);
    assert_eq!(log_in(&serving, "another password").await, 401);
    serving.terminate();
    serving.ended().expect(0).hides(password);
}

#[tokio::test]
async fn a_password_comes_from_the_first_line_of_a_file() {
    let installation =
        Installation::default().patient().file("password", format!("{PASSWORD}\r\nnot this\n"));
    let ran = installation.run(&with(&["--password-file", "password", "-o", "table"])).expect(0);
    let rows: Vec<Vec<&str>> = ran.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.contains(&vec!["email", "Ada@Example.com"]) && rows.contains(&vec!["name", "-"]), "{ran:?}");
    assert!(!rows.iter().any(|row| row[0] == "password"), "{ran:?}");
    assert_eq!(log_in(&installation.serve(), PASSWORD).await, 200);
}

/// PowerShell writes a byte order mark before a text, and UTF-16 where it redirects.
#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_a_password() {
    let installation = Installation::default()
        .patient()
        .file("marked", format!("\u{FEFF}{PASSWORD}\r\n"))
        .file("wide", [0xff, 0xfe, b'c', 0]);
    installation
        .run(&with(&["--password-file", "wide"]))
        .refused(65, &["wide: the password is not valid UTF-8: the text is UTF-16"]);
    installation.run(&with(&["--password-file", "marked"])).expect(0);
    let bob = ["create-user", "--email", "bob@example.com", "--password-stdin"];
    installation.run_with_input(&bob, &format!("\u{FEFF}{PASSWORD}\n")).expect(0);
    let serving = installation.serve();
    for email in ["ada@example.com", "bob@example.com"] {
        let body = json!({ "email": email, "password": PASSWORD });
        serving.client.post("/api/v1/auth/login", &body).await.expect(200);
    }
}

#[test]
fn invalid_input_is_refused_and_nothing_is_created() {
    let installation =
        Installation::default().file("empty", "\n").file("weak", "password").file("latin", [0xe9]);
    for (arguments, code, expected) in [
        (with(&[]), 2, "--password-stdin, --password-file FILE or --generate-password"),
        (with(&["--generate-password", "--password-stdin"]), 2, "cannot be used with"),
        (with(&["--password", PASSWORD]), 2, "unexpected argument '--password'"),
        (with(&["--password-file", "weak"]), 65, "too common"),
        (with(&["--password-file", "empty"]), 65, "empty: the password is empty"),
        (with(&["--password-file", "latin"]), 65, "latin: the password is not valid UTF-8"),
        (with(&["--password-file", "nowhere"]), 65, "nowhere: No such file"),
        (with(&["--password-stdin"]), 65, "standard input: the password is empty"),
        (
            with(&["--generate-password", "--role", "king"]),
            2,
            "'king' for '--role <ROLE>' [possible values: user, admin]",
        ),
        (with(&["--generate-password", "--name", "\u{7}"]), 65, "--name: "),
        (vec!["create-user", "--email", "unknown", "--generate-password"], 65, "--email: "),
        (vec!["create-user", "--email", "o\u{2019}neil@example.com", "--generate-password"], 65, "--email: "),
        (vec!["create-user", "--generate-password"], 2, "--email <EMAIL>"),
    ] {
        installation.run(&arguments).refused(code, &[expected]);
    }
    assert!(!installation.path("data").exists(), "nothing was made");
}
