use super::Place;
use crate::config::{DatabaseUrl, Loaded};

fn issuer(loaded: &Loaded) -> (&str, &str) {
    (&loaded.settings.security.token.issuer, loaded.origin("security.token.issuer"))
}

#[test]
fn later_wins_and_tells_where_it_stands() {
    let place = Place::default().file("svc.toml", "security.token.issuer = 'file'");
    assert_eq!(issuer(&place.load()), ("file", "svc.toml"));
    let place = place.file(".env", "SVC_SECURITY__TOKEN__ISSUER=dotenv");
    assert_eq!(issuer(&place.load()), ("dotenv", "variable SVC_SECURITY__TOKEN__ISSUER in .env, line 1"));
    let place = place.variable("SVC_SECURITY__TOKEN__ISSUER", "process");
    assert_eq!(issuer(&place.load()), ("process", "environment variable SVC_SECURITY__TOKEN__ISSUER"));
    let place = place.set("security.token.issuer=flag");
    assert_eq!(issuer(&place.load()), ("flag", "flag --set"));
}

#[test]
fn a_named_file_stands_for_the_one_in_the_folder() {
    let place = Place::default()
        .file("svc.toml", "security.token.issuer = 'folder'")
        .file("other.toml", "\u{FEFF}security.token.issuer = 'other'")
        .config("other.toml");
    assert_eq!(issuer(&place.load()), ("other", "other.toml"));
}

#[test]
fn a_value_from_a_file_tells_both() {
    let place = Place::default()
        .file("issuer", "me")
        .file("svc.toml", "security.token.issuer = 'file'")
        .variable("SVC_SECURITY__TOKEN__ISSUER_FILE", "issuer");
    let from = "file issuer named by environment variable SVC_SECURITY__TOKEN__ISSUER_FILE";
    assert_eq!(issuer(&place.load()), ("me", from));
}

#[test]
fn platform_names_win_over_the_file_and_lose_against_ours() {
    let url = |place: &Place| {
        let loaded = place.load();
        assert!(matches!(loaded.settings.database.url, DatabaseUrl::Sqlite(_)));
        (loaded.settings.database.url.to_string(), loaded.origin("database.url").to_owned())
    };
    let found = |url: &str, origin: &str| (url.to_owned(), origin.to_owned());
    let place = Place::default().file("svc.toml", "database.url = 'sqlite:a'");
    assert_eq!(url(&place), found("sqlite:a", "svc.toml"));
    let place = place.variable("DATABASE_URL", "sqlite:b");
    assert_eq!(url(&place), found("sqlite:b", "environment variable DATABASE_URL"));
    let place = place.file(".env", "SVC_DATABASE__URL=sqlite:c");
    assert_eq!(url(&place), found("sqlite:c", "variable SVC_DATABASE__URL in .env, line 1"));
}

#[test]
fn platform_names_come_from_files_too() {
    let place = Place::default()
        .file("port", "9000\n")
        .file("url", "sqlite:x.db\n")
        .file(".env", "PORT_FILE=port")
        .variable("DATABASE_URL_FILE", "url");
    let loaded = place.load();
    assert_eq!(loaded.settings.server.listen.to_string(), "0.0.0.0:9000");
    assert_eq!(loaded.settings.database.url.to_string(), "sqlite:x.db");
}

#[test]
fn an_empty_variable_sets_nothing() {
    let place = Place::default()
        .file("svc.toml", "security.token.issuer = 'file'")
        .file(".env", "SVC_LOG__LEVEL=\nPORT=")
        .variable("SVC_SECURITY__TOKEN__ISSUER", "")
        .variable("SVC_DATABASE__URL_FILE", "")
        .variable("DATABASE_URL", "");
    assert_eq!(issuer(&place.load()), ("file", "svc.toml"));
}

#[test]
fn dollars_in_single_quotes_stay() {
    let place =
        Place::default().file(".env", "# a comment\nSVC_SECURITY__TOKEN__ISSUER='a$HOME#b'\nOTHER=1\n");
    assert_eq!(place.settings().security.token.issuer, "a$HOME#b");
}

#[test]
fn every_key_is_explained_with_what_holds() {
    let loaded = Place::default()
        .set("server.listen=0.0.0.0:80")
        .set("security.password.workers=3")
        .set("server.trusted_proxies=::1")
        .load();
    let explained = |key: &str| loaded.explain().iter().find(|found| found.key == key).unwrap();
    assert_eq!(explained("server.public_url").value, "http://127.0.0.1:80");
    assert_eq!(explained("server.public_url").origin, "default");
    assert_eq!(explained("security.token.issuer").value, "http://127.0.0.1:80");
    assert_eq!(explained("security.password.workers").value, "3");
    assert_eq!(explained("server.trusted_proxies").value, r#"["::1"]"#);
    assert_eq!(explained("security.secret_key").value, "[generated at the first start in data/secret.key]");
    assert_eq!(
        loaded.rejection("database.url", "is away").to_string(),
        "database.url: is away\n  set by: default\n  change: `url` under [database] in svc.toml\n      \
         or: SVC_DATABASE__URL in the environment or in .env\n      \
         or: SVC_DATABASE__URL_FILE, the path of a file with the value"
    );
}

#[test]
fn what_is_named_after_the_address_follows_the_port_that_was_given() {
    let given = "127.0.0.1:4000".parse().unwrap();
    let mut settings = Place::default().set("server.listen=127.0.0.1:0").settings();
    settings.listening_on(given);
    assert_eq!(settings.server.listen, given);
    assert_eq!(settings.server.public_url, "http://127.0.0.1:4000");
    assert_eq!(settings.security.token.issuer, "http://127.0.0.1:4000");
    assert_eq!(settings.security.token.audience.own().as_str(), "http://127.0.0.1:4000");

    let place = Place::default().set("server.listen=127.0.0.1:0").set("server.public_url=https://a.example");
    let mut settings = place.set("security.token.audience=me").settings();
    settings.listening_on(given);
    assert_eq!(settings.server.public_url, "https://a.example");
    assert_eq!(settings.security.token.issuer, "https://a.example");
    assert_eq!(settings.security.token.audience.own().as_str(), "me");
}
