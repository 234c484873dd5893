use serde_json::{Value, json};

use crate::support::process::Installation;

#[test]
fn check_reports_whether_the_settings_are_valid() {
    let checked = Installation::default().run(&["config", "check"]).expect(0).json();
    assert_eq!(checked, json!({ "ok": true, "environment": "development", "traces": null, "warnings": [] }));
    let checked = Installation::default()
        .set("DATABASE_URL", "postgres://svc@127.0.0.1/svc")
        .run(&["config", "check"])
        .expect(0)
        .json();
    let warning = checked["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("security.secret_key is not set"), "{warning}");
}

const KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";

fn production() -> Installation {
    Installation::default()
        .set("SVC_ENVIRONMENT", "production")
        .set("SVC_SERVER__PUBLIC_URL", "https://auth.example.com")
        .set("SVC_SERVER__METRICS_LISTEN", "off")
}

/// Mails go into files, which causes a warning in production.
#[test]
fn a_warning_of_production_is_checked_and_logged_until_it_is_accepted() {
    let (rule, accept) = ("mail.url:dir", "SVC_PRODUCTION__ACCEPT");
    let warned = production().set("SVC_SECURITY__SECRET_KEY", KEY).patient();
    let checked = warned.run(&["config", "check"]).expect(0).json();
    let warnings = checked["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{checked}");
    assert!(
        warnings[0].as_str().unwrap().ends_with("add \"mail.url:dir\" to production.accept"),
        "{checked}"
    );
    let mut serving = warned.serve();
    assert_eq!(serving.logged(rule)["level"], "WARN");
    serving.terminate();
    serving.ended().expect(0);

    // It warns before it waits for a database, which does not exist.
    let consuming = |installation: Installation| {
        let installation = installation.set("DATABASE_URL", "postgres://svc:T7kXw0ZbQe@127.0.0.1:1/svc");
        installation.run(&["consume", "--wait", "0"]).expect(69).stderr
    };
    assert!(consuming(warned).contains(rule));
    let accepted = production().set("SVC_SECURITY__SECRET_KEY", KEY).set(accept, rule);
    let checked = accepted.run(&["config", "check"]).expect(0).json();
    assert_eq!(checked, json!({ "ok": true, "environment": "production", "traces": null, "warnings": [] }));
    assert!(!consuming(accepted).contains(rule));
}

#[test]
fn traces_are_reported_with_their_endpoint_and_refused_where_they_are_wrong() {
    let on = || Installation::default().set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    let checked = on().run(&["config", "check"]).expect(0).json();
    assert_eq!(checked["traces"], "http://127.0.0.1:1/v1/traces");
    let secret = on().set("OTEL_EXPORTER_OTLP_HEADERS", "authorization=sesame");
    let shown = secret.run(&["config", "show", "--sources"]).expect(0).hides("sesame").json();
    let row = shown.as_array().unwrap().iter().find(|row| row["key"] == "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    assert_eq!(row.unwrap()["source"], "environment variable OTEL_EXPORTER_OTLP_ENDPOINT");
    let wrong = on().set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc").set("OTEL_BSP_MAX_QUEUE_SIZE", "many");
    let said = [
        "the configuration has 2 errors",
        "environment variable OTEL_EXPORTER_OTLP_PROTOCOL: invalid value \"grpc\": this service speaks http/protobuf only",
        "environment variable OTEL_BSP_MAX_QUEUE_SIZE: invalid value \"many\": expected a whole number",
    ];
    for command in [&["config", "check"][..], &["serve"], &["consume"]] {
        wrong.run(command).refused(78, &said);
    }
}

#[test]
fn all_errors_and_warnings_of_production_are_reported_at_once() {
    let refused = production()
        .set("SVC_SECURITY__SECRET_KEY", "qwertyuiopasdfghjklzxcvbnm123456")
        .set("SVC_SECURITY__PASSWORD__MEMORY_KIB", "8")
        .set("SVC_SERVER__TRUSTED_PROXIES", "0.0.0.0/0");
    let said = [
        "the configuration has 3 errors",
        "security.secret_key: the key is not random",
        "security.password.memory_kib: the value is 8 KiB with 2 iterations",
        "server.trusted_proxies: contains 0.0.0.0/0",
        "warning: mail.url: mails are written to data/mail and are not sent",
    ];
    for command in [&["config", "check"][..], &["serve"], &["consume"], &["migrate"]] {
        refused.run(command).refused(78, &said).hides("qwertyuiop");
    }
}

#[test]
fn show_prints_every_setting_and_no_secret() {
    let (url, key) = ("postgres://svc:hunter2@db.example/svc", KEY);
    let previous = "Wq3vNc8RzT5yLm1KxB7dGh4PfJs9Ua2E";
    let installation = Installation::default()
        .set("PORT", "9000")
        .set("SVC_SECURITY__SECRET_KEY", key)
        .set("SVC_SECURITY__PREVIOUS_SECRET_KEY_FILE", "previous")
        .file("previous", previous)
        .set("SVC_DATABASE__URL_FILE", "url")
        .file("url", url);
    let shown = installation.run(&["config", "show", "--sources"]).expect(0);
    let ran = shown.hides("hunter2").hides(key).hides(previous);
    let settings = ran.json();
    for row in [
        json!({ "key": "database.url", "value": "postgres://svc:****@db.example/svc",
            "source": "file url named by environment variable SVC_DATABASE__URL_FILE" }),
        json!({ "key": "security.secret_key", "value": "[redacted]",
            "source": "environment variable SVC_SECURITY__SECRET_KEY" }),
        json!({ "key": "security.previous_secret_key", "value": "[redacted]",
            "source": "file previous named by environment variable SVC_SECURITY__PREVIOUS_SECRET_KEY_FILE" }),
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
    assert!(!installation.path("data").exists(), "showing makes nothing");
}

#[test]
fn tables_fit_80_columns() {
    let (origins, proxies) =
        ("https://app.example.com,https://admin.example.com", "10.0.0.0/8,192.168.0.0/16");
    let installation = Installation::default()
        .set("SVC_SECURITY__PREVIOUS_SECRET_KEY_FILE", "previous")
        .file("previous", KEY)
        .set("SVC_SERVER__ALLOWED_ORIGINS", origins)
        .set("SVC_SERVER__TRUSTED_PROXIES", proxies)
        .file(
            "svc.toml",
            "[mail]\nfrom = \"The service of an organization with a long name <no-reply@example.com>\"\n",
        );
    let table = |arguments: &[&str]| {
        let arguments = [&["config", "show", "-o", "table"], arguments].concat();
        let shown = installation.run_with(&arguments, "", &[("COLUMNS", "80")]).expect(0);
        let text = shown.hides(KEY).stdout;
        let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert_eq!(wide, [] as [&str; 0]);
        text
    };
    let count = installation.run(&["config", "show"]).expect(0).json().as_array().unwrap().len();
    let with_sources = table(&["--sources"]);
    assert_eq!(with_sources.split("\n\n").count(), count, "{with_sources}");
    let key = "key     security.previous_secret_key\n\
               value   [redacted]\n\
               source  file previous named by environment variable\n        \
               SVC_SECURITY__PREVIOUS_SECRET_KEY_FILE\n";
    assert!(with_sources.contains(key), "{with_sources}");
    let plain = table(&[]);
    let keys = plain.lines().filter(|line| !line.starts_with(' ')).count();
    assert_eq!(keys, count, "{plain}");
}

/// The check parses values and reads files as the start does, so that no start finds an error that the check
/// missed.
#[test]
fn check_refuses_values_that_no_server_and_no_mail_could_use() {
    for (name, value, key, remedy) in [
        ("SVC_QUEUE__URL", "amqp://u:hunter2@broker:0", "queue.url", "set the port"),
        ("SVC_QUEUE__URL", "amqp://u:hunter2%@broker", "queue.url", "as %25"),
        ("SVC_MAIL__URL", "smtp://u:hunter2@relay:0", "mail.url", "set the port"),
        ("SVC_MAIL__URL", "smtp://u:hunter2%zz@relay", "mail.url", "as %25"),
        (
            "SVC_MAIL__TEMPLATES",
            "own",
            "mail.templates",
            "en/verify_email.txt: the template has no link: add {{ link }}",
        ),
        ("SVC_ACCOUNT__TEMPLATES", "own", "account.templates", "unknown template"),
        ("SVC_ACCOUNT__RETURN_URL", "http://app.example.com", "account.return_url", "expected https://"),
        (
            "SVC_MAIL__LINKS__RESET_PASSWORD",
            "https://app.example.com/",
            "mail.links.reset_password",
            "expected {token}",
        ),
        ("SVC_SERVICE__LOGO", "own/logo.gif", "service.logo", "expected a file that ends in"),
        ("SVC_SERVICE__LANGUAGE", "fr", "service.language", "no templates for the language fr: expected"),
        ("SVC_SERVICE__LANGUAGE", "french", "service.language", "expected a language tag"),
        ("SVC_SERVICE__NAME", "a\nb", "service.name", "must be one line"),
        ("SVC_SERVICE__NAME", "a\u{202E}b", "service.name", "must be one line"),
    ] {
        let installation = Installation::default().set(name, value).file("own/en/verify_email.txt", "Hello");
        let stderr = installation.run(&["config", "check"]).expect(78).hides("hunter2").stderr;
        assert!(stderr.contains(key) && stderr.contains(remedy), "{stderr}");
        assert!(key != "service.language" || !stderr.contains("mail.templates"), "{stderr}");
    }
}
