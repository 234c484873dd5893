use std::path::Path;
use std::time::Duration;

use super::Place;
use crate::config::{CacheUrl, DatabaseUrl, Environment, LogFormat, MetricsListen, SecretKeySource};
use crate::domain::{Algorithm, HashPriority};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

#[test]
fn nothing_set_is_a_working_service() {
    let loaded = Place::default().load();
    let settings = &loaded.settings;
    assert_eq!(settings.environment, Environment::Development);
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8000");
    assert_eq!(settings.server.metrics_listen, MetricsListen::Auto);
    assert_eq!(settings.server.public_url, "http://127.0.0.1:8000");
    assert!(settings.server.trusted_proxies.is_empty());
    assert_eq!(settings.server.drain_delay, Duration::ZERO);
    assert!(matches!(&settings.database.url, DatabaseUrl::Sqlite(path) if path == Path::new("data/svc.db")));
    assert_eq!(settings.database.max_connections, 10);
    assert_eq!(settings.database.acquire_timeout, Duration::from_secs(1));
    assert_eq!(settings.database.statement_timeout, Duration::from_secs(2));
    assert!(matches!(settings.cache.url, CacheUrl::Memory));
    assert_eq!(settings.cache.namespace, "svc");
    assert_eq!((settings.cache.entries, settings.cache.tokens), (20_000, 20_000));
    assert_eq!(settings.cache.timeout, Duration::from_millis(50));
    assert_eq!(settings.limits.body_bytes, 16 * 1024);
    assert_eq!(settings.limits.header_timeout, Duration::from_secs(10));
    assert_eq!(settings.limits.request_timeout, Duration::from_secs(15));
    assert_eq!(settings.limits.connections, 10_000);
    assert_eq!(settings.log.format, LogFormat::Auto);
    assert_eq!(settings.log.level, "info");
    assert_eq!(loaded.warnings(), Vec::<String>::new());
    assert!(loaded.explain().iter().all(|key| key.origin == "default"));
}

#[test]
fn nothing_set_is_safe() {
    let security = Place::default().settings().security;
    assert!(
        matches!(&security.secret_key, SecretKeySource::File(path) if path == Path::new("data/secret.key"))
    );
    assert_eq!(security.token.algorithm, Algorithm::Es256);
    assert_eq!(security.token.access_lifetime, 15 * MINUTE);
    assert_eq!(security.token.refresh_idle, 30 * DAY);
    assert_eq!(security.token.refresh_absolute, 90 * DAY);
    assert_eq!(security.token.refresh_grace, Duration::from_secs(30));
    assert_eq!(security.token.issuer, "http://127.0.0.1:8000");
    assert_eq!(security.token.audience.own().as_str(), "http://127.0.0.1:8000");
    let mail = security.mail_token;
    assert_eq!((mail.verify_email, mail.reset_password, mail.change_email), (DAY, 30 * MINUTE, 60 * MINUTE));
    assert_eq!(mail.invitation, 3 * DAY);
    let password = security.password;
    assert_eq!((password.policy.shortest(), password.policy.longest()), (8, 256));
    assert_eq!((password.memory_kib, password.iterations, password.parallelism), (19456, 2, 1));
    assert!(password.workers >= 1);
    assert_eq!((password.queue_wait, password.queue_length), (Duration::from_secs(1), 1024));
    assert_eq!(password.priority, HashPriority::Low);
}

#[test]
fn the_audit_trail_is_kept_for_a_year_unless_it_is_set() {
    for (set, kept) in [
        ("environment=development", Some(DAY * 365)),
        ("retention.audit=30d", Some(DAY * 30)),
        ("retention.audit=0s", None),
    ] {
        assert_eq!(Place::default().set(set).settings().retention.audit, kept, "{set}");
    }
}

#[test]
fn what_is_empty_follows_what_it_belongs_to() {
    let settings = Place::default()
        .variable("PORT", "9000")
        .variable("DATABASE_URL", "sqlite:/var/lib/svc.db")
        .settings();
    assert_eq!(settings.server.listen.to_string(), "0.0.0.0:9000");
    assert_eq!(settings.server.public_url, "http://127.0.0.1:9000");
    assert_eq!(settings.security.token.issuer, "http://127.0.0.1:9000");
    assert!(
        matches!(settings.security.secret_key, SecretKeySource::File(path) if path == Path::new("/var/lib/secret.key"))
    );

    let settings = Place::default()
        .set("server.public_url=https://auth.example.com/")
        .set("security.token.audience=api")
        .settings();
    assert_eq!(settings.server.public_url, "https://auth.example.com");
    assert_eq!(settings.security.token.issuer, "https://auth.example.com");
    assert_eq!(settings.security.token.audience.own().as_str(), "api");
}

#[test]
fn the_path_of_the_public_url_is_plain() {
    for (url, path) in [
        ("https://example.com", ""),
        ("https://example.com/auth/", "/auth"),
        ("http://[::1]:8000/a-b/c_d.e~f", "/a-b/c_d.e~f"),
    ] {
        let settings = Place::default().set(&format!("server.public_url={url}")).settings();
        assert_eq!(settings.server.base_path(), path, "{url}");
    }
    for path in ["/a//b", "/a/../b", "/./a", "/a b", "/a%2fb", "/ä", "/a;b", "/a:b", "//a"] {
        let error = Place::default().set(&format!("server.public_url=https://example.com{path}")).refused();
        assert!(error.contains("server.public_url") && error.contains("https://example.com/auth"), "{error}");
    }
}

#[test]
fn the_public_url_is_written_as_clients_write_it() {
    for (url, written) in [
        ("https:example.com/auth", "https://example.com/auth"),
        ("https:/example.com/auth", "https://example.com/auth"),
        ("https:///example.com/auth", "https://example.com/auth"),
        ("https:\\\\example.com", "https://example.com"),
        ("https://example.com\\auth", "https://example.com/auth"),
        ("HTTPS://Example.com", "https://example.com"),
        ("https://Example.com", "https://example.com"),
        ("https://@example.com", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
        ("https://exa\tmple.com", "https://example.com"),
        ("https://127.1", "https://127.0.0.1"),
    ] {
        let error = Place::default().variable("SVC_SERVER__PUBLIC_URL", url).refused();
        assert!(
            error.contains(&format!("server.public_url: clients write this URL as {written:?}")),
            "{error}"
        );
    }
    let long = format!("https://example.com/{}", "a".repeat(493));
    let error = Place::default().variable("SVC_SERVER__PUBLIC_URL", &long).refused();
    assert!(error.contains("server.public_url: expected at most 512 bytes"), "{error}");
}

#[test]
fn what_will_surprise_is_reported() {
    let loaded = Place::default().variable("DATABASE_URL", "postgres://svc:svc@localhost/svc").load();
    assert!(loaded.warnings()[0].starts_with("security.secret_key is not set"), "{:?}", loaded.warnings());

    let loaded = Place::default()
        .variable("SVC_ENVIRONMENT", "production")
        .variable("SVC_SECURITY__SECRET_KEY", "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e")
        .load();
    assert!(loaded.warnings()[0].starts_with("server.public_url: not set"), "{:?}", loaded.warnings());
}

#[test]
fn the_files_to_copy_are_taken() {
    let production = include_str!("../../../config/production.toml");
    let here = production.replace("/run/secrets/", "");
    let loaded = Place::default()
        .file("svc.toml", &here)
        .file("database_url", "postgres://svc:T7kXw0ZbQe@db/svc?sslmode=verify-full\n")
        .file("secret_key", "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e\n")
        .file("mail_url", "smtp://svc:T7kXw0ZbQe@mail.example.com:587\n")
        .load();
    assert_eq!(loaded.settings.environment, Environment::Production);
    assert_eq!(loaded.origin("database.url"), "file database_url named by svc.toml");
    assert_eq!(loaded.warnings(), Vec::<String>::new());

    let example = include_str!("../../../.env.example");
    let loaded = Place::default().file(".env", example).load();
    assert!(loaded.explain().iter().all(|key| key.origin == "default"), "what Compose needs is not for svc");
    let taken = example.replace("#SVC_", "SVC_").replace("/run/secrets/", "");
    let loaded = Place::default()
        .file(".env", &taken)
        .file("database_url", "postgres://svc:T7kXw0ZbQe@db/svc")
        .file("secret_key", "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e")
        .load();
    assert_eq!(loaded.settings.environment, Environment::Production);
}
