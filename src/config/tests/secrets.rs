use super::Place;

/// Part of every secret below. It must not occur in any output.
const SECRET: &str = "hunter2";

#[test]
fn no_rejection_shows_a_secret() {
    let url = format!("postgres://svc:{SECRET}@db/svc");
    let places = [
        Place::default().variable("SVC_SECURITY__SECRET_KEY", SECRET),
        Place::default().variable("SVC_SECURITY__SECRET_KEY_FILE", SECRET),
        Place::default().variable("SVC_SECURITY__PREVIOUS_SECRET_KEY", SECRET),
        Place::default().set(&format!("security.previous_secret_key={SECRET}")),
        Place::default().file("svc.toml", &format!("[security]\nsecret_key = '{SECRET}'")),
        Place::default().file("svc.toml", &format!("[security]\nsecret_key = {{ {SECRET} = 1 }}")),
        Place::default().file("svc.toml", &format!("[security]\nsecret_key = \"{SECRET}")),
        Place::default().file("svc.toml", &format!("[security]\nsecret_key = {SECRET}")),
        Place::default().file(".env", &format!("SVC_SECURITY__SECRET_KEY={SECRET} {SECRET}")),
        Place::default().file(".env", &format!("SVC_SECURITY__SECRET_KEY=\"{SECRET}")),
        Place::default().file(".env", &format!("SVC_SECURITY__SECRET_KEY {SECRET}")),
        Place::default().set(&format!("security.secret_key={SECRET}")),
        Place::default().set(&format!("security.secret_key {SECRET}")),
        Place::default().set(&format!("database.url={url}")),
        Place::default().set(&format!("database.url={}", url.replace("postgres", "mysql"))),
        Place::default().set(&format!("cache.url=redis://:{SECRET}@cache")),
        Place::default().variable("REDIS_URL", &format!("redis://:{SECRET}@cache/users")),
        Place::default().set(&format!("mail.url=smtp://svc:{SECRET}@relay")),
        Place::default().variable("SVC_MAIL__URL", &format!("smtp://svc:{SECRET}@relay/inbox")),
        Place::default().variable("SVC_MAIL__URL", &format!("smtp://{SECRET}@relay")),
        Place::default().set(&format!("queue.url=amqp://svc:{SECRET}@broker")),
        Place::default().variable("AMQP_URL", &format!("amqp://svc:{SECRET}@broker/a/b")),
        Place::default().set(&format!("server.public_url=https://svc:{SECRET}@host")),
        Place::default().variable("DATABASE_URL", &format!("postgres://svc:{SECRET}#@db/svc")),
        Place::default().variable("DATABASE_URL", &url).variable("DATABASE_URL_FILE", "f").file("f", &url),
        Place::default().variable("SVC_DATABSE__URL", &url),
        Place::default()
            .variable("SVC_ENVIRONMENT", "production")
            .variable("DATABASE_URL", &format!("postgres://{SECRET}:{SECRET}@db/svc")),
    ];
    for place in places {
        let reported = place.refused();
        assert!(!reported.contains(SECRET), "{reported}");
        let errors = place.sources.load().unwrap_err();
        assert!(!format!("{errors:?}").contains(SECRET), "{errors:?}");
    }
}

#[test]
fn nothing_that_is_loaded_shows_a_secret() {
    let loaded = Place::default()
        .variable("SVC_DATABASE__URL", &format!("postgres://svc:{SECRET}@db/svc"))
        .variable("REDIS_URL", &format!("rediss://:{SECRET}@cache"))
        .variable("SVC_MAIL__URL", &format!("smtp://svc:{SECRET}@relay"))
        .variable("AMQP_URL", &format!("amqps://svc:{SECRET}@broker/svc"))
        .variable("SVC_SECURITY__SECRET_KEY", &format!("{SECRET}-0123456789-abcdefghijklmnop"))
        .variable("SVC_SECURITY__PREVIOUS_SECRET_KEY", &format!("{SECRET}-abcdefghijklmnop-0123456789"))
        .load();
    assert!(!format!("{loaded:?}").contains(SECRET));
    let explained = serde_json::to_string(loaded.explain()).unwrap();
    assert!(!explained.contains(SECRET), "{explained}");
    assert!(
        explained.contains("postgres://svc:****@db/svc") && explained.contains("[redacted]"),
        "{explained}"
    );
}

#[test]
fn a_secret_on_the_command_line_is_refused_and_its_file_is_not() {
    let reported = Place::default().set("security.secret_key=x").refused();
    assert!(
        reported.contains("security.secret_key: secrets are not accepted on a command line"),
        "{reported}"
    );
    let reported = Place::default().set("cache.url=redis://:x@cache").refused();
    assert!(reported.contains("cache.url: secrets are not accepted on a command line"), "{reported}");
    let reported = Place::default().set("queue.url=amqp://svc:x@broker").refused();
    assert!(reported.contains("queue.url: secrets are not accepted on a command line"), "{reported}");
    for url in ["postgres://svc:x@db/svc", "postgres://db/svc?password=x"] {
        let reported = Place::default().set(&format!("database.url={url}")).refused();
        assert!(reported.contains("database.url: secrets are not accepted on a command line"), "{reported}");
    }
    Place::default()
        .set("database.url=postgres://svc@db/svc")
        .set("security.secret_key_file=key")
        .file("key", "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e")
        .load();
}
