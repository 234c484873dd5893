use serde_json::{Value, json};

use crate::support::process::Installation;

#[test]
fn check_says_whether_the_settings_are_good() {
    let checked = Installation::default().run(&["config", "check"]).expect(0).json();
    assert_eq!(checked, json!({ "ok": true, "environment": "development", "warnings": [] }));
    let checked = Installation::default()
        .set("DATABASE_URL", "postgres://svc@127.0.0.1/svc")
        .run(&["config", "check"])
        .expect(0)
        .json();
    let warning = checked["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("security.secret_key is not set"), "{warning}");
}

#[test]
fn show_tells_every_setting_and_no_secret() {
    let (url, key) = ("postgres://svc:hunter2@db.example/svc", "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e");
    let installation = Installation::default()
        .set("PORT", "9000")
        .set("SVC_SECURITY__SECRET_KEY", key)
        .set("SVC_DATABASE__URL_FILE", "url")
        .file("url", url);
    let ran = installation.run(&["config", "show", "--sources"]).expect(0).hides("hunter2").hides(key);
    let settings = ran.json();
    for row in [
        json!({ "key": "database.url", "value": "postgres://svc:****@db.example/svc",
            "source": "file url named by environment variable SVC_DATABASE__URL_FILE" }),
        json!({ "key": "security.secret_key", "value": "[redacted]",
            "source": "environment variable SVC_SECURITY__SECRET_KEY" }),
        json!({ "key": "server.listen", "value": "0.0.0.0:9000", "source": "environment variable PORT" }),
        json!({ "key": "server.public_url", "value": "http://127.0.0.1:9000", "source": "default" }),
    ] {
        assert!(settings.as_array().unwrap().contains(&row), "{row} is not in {settings:#}");
    }
    let plain = installation.run(&["config", "show"]).expect(0).hides("hunter2").hides(key).json();
    let keys = |settings: &Value| -> Vec<Value> {
        settings.as_array().unwrap().iter().map(|row| row["key"].clone()).collect()
    };
    assert_eq!(keys(&plain), keys(&settings));
    assert!(plain[0].get("source").is_none(), "{plain}");
    let table = installation.run(&["config", "show", "--sources", "-o", "table"]).expect(0).stdout;
    assert_eq!(
        table.lines().next().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["KEY", "VALUE", "SOURCE"]
    );
    assert!(!installation.path("data").exists(), "showing makes nothing");
}

/// Where the file is read and not only the value, so that no start finds what the check has not.
#[test]
fn check_refuses_what_no_server_and_no_mail_could_do_with() {
    for (name, value, key, remedy) in [
        ("SVC_QUEUE__URL", "amqp://u:hunter2@broker:0", "queue.url", "name its port"),
        ("SVC_QUEUE__URL", "amqp://u:hunter2%@broker", "queue.url", "as %25"),
        ("SVC_MAIL__URL", "smtp://u:hunter2@relay:0", "mail.url", "name its port"),
        ("SVC_MAIL__URL", "smtp://u:hunter2%zz@relay", "mail.url", "as %25"),
        ("SVC_MAIL__TEMPLATES", ".", "mail.templates", "put {{ link }} into it"),
    ] {
        let installation = Installation::default().set(name, value).file("verify_email.txt", "Hello");
        let told = installation.run(&["config", "check"]).expect(78).hides("hunter2").stderr;
        assert!(told.contains(key) && told.contains(remedy) && told.contains(name), "{told}");
    }
}
