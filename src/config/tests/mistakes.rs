use super::Place;
use crate::config::MetricsListen;

#[test]
fn a_misspelt_key_is_named_where_it_stands() {
    let cases = [
        (
            Place::default().file("svc.toml", "[databse]\nurl = 'x'"),
            "svc.toml: unknown setting databse.url; did you mean database.url?",
        ),
        (
            Place::default().file("my.toml", "enviroment = 'x'").config("my.toml"),
            "my.toml: unknown setting enviroment; did you mean environment?",
        ),
        (
            Place::default().file("svc.toml", "database = 'x'"),
            "svc.toml: unknown setting database; did you mean database.url?",
        ),
        (
            Place::default().file(".env", "SVC_DATABSE__URL=x"),
            "variable SVC_DATABSE__URL in .env, line 1: unknown setting SVC_DATABSE__URL; did you mean SVC_DATABASE__URL?",
        ),
        (
            Place::default().variable("SVC_DATABASE_URL", "x"),
            "environment variable SVC_DATABASE_URL: unknown setting SVC_DATABASE_URL; did you mean SVC_DATABASE__URL?",
        ),
        (
            Place::default().variable("SVC_SECURITY__SECRET_FILE", ""),
            "did you mean SVC_SECURITY__SECRET_KEY_FILE?",
        ),
        (
            Place::default().set("databse.url=x"),
            "flag --set: unknown setting databse.url; did you mean database.url?",
        ),
        (
            Place::default().variable("SVC_WEATHER", "x"),
            "unknown setting SVC_WEATHER; run `svc config show` to list all settings",
        ),
        (Place::default().variable("SVC_PORT", "8000"), "unknown setting SVC_PORT"),
    ];
    for (place, wanted) in cases {
        let reported = place.refused();
        assert!(reported.contains(wanted), "{wanted}\n---\n{reported}");
    }
}

#[test]
fn names_that_are_not_ours_pass() {
    Place::default()
        .variable("SVC_TEST_POSTGRES", "postgres://localhost")
        .variable("SVC_PORT", "tcp://10.0.0.1:80")
        .variable("SVC_PORT_80_TCP", "tcp://10.0.0.1:80")
        .variable("SVC_PORT_80_TCP_PROTO", "tcp")
        .variable("SVC_PORT_80_TCP_PORT", "80")
        .variable("SVC_PORT_80_TCP_ADDR", "10.0.0.1")
        .variable("SVC_SERVICE_HOST", "10.0.0.1")
        .variable("SVC_SERVICE_PORT", "80")
        .variable("SVC_SERVICE_PORT_HTTP", "80")
        .variable("SVC_POSTGRES_SERVICE_HOST", "10.0.0.2")
        .variable("SVC_POSTGRES_PORT_5432_TCP_ADDR", "10.0.0.2")
        .variable("SVCX", "1")
        .variable("PORTS", "1")
        .load();
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let place = Place::default()
        .file(
            "svc.toml",
            "[server]\nlisten = 'localhost'\npublic_url = 'ftp://x'\nmetrics_listen = 'on'\ndrain_delay = '1h'\n[limit]\nx = 1",
        )
        .file(".env", "SVC_LOG__FORMAT=xml\nSVC_LOG__LEVEL=inof")
        .variable("SVC_ENVIRONMENT", "staging")
        .variable("SVC_SERVER__TRUSTED_PROXIES", "10.0.0.0/33")
        .variable("SVC_DATABASE__URL", "sqlite::memory:")
        .variable("SVC_DATABASE__ACQUIRE_TIMEOUT", "0s")
        .variable("SVC_SECURITY__SECRET_KEY", "short")
        .variable("SVC_SECURITY__TOKEN__ALGORITHM", "none")
        .variable("SVC_SECURITY__TOKEN__REFRESH_IDLE", "100d")
        .set("security.password.min_length=9")
        .set("security.password.max_length=8")
        .set("security.password.parallelism=64")
        .set("security.password.memory_kib=511")
        .set("limits.header_timeout=10")
        .set("limits.request_timeout=99y")
        .set("nothing");
    let reported = place.refused();
    for wanted in [
        "the configuration has 19 errors",
        "server.listen: invalid value \"localhost\": expected an IP address and a port",
        "server.public_url: expected http:// or https://",
        "server.metrics_listen: invalid value \"on\": expected an IP address and a port, such as 127.0.0.1:9000, \"auto\" or \"off\"",
        "server.drain_delay: expected at most 20s",
        "svc.toml: unknown setting limit.x",
        "log.format: invalid value \"xml\": expected one of auto, pretty, json",
        "log.level: invalid value \"inof\"",
        "environment: invalid value \"staging\": expected one of development, production",
        "server.trusted_proxies: invalid entry \"10.0.0.0/33\"",
        "database.url: an in-memory database loses every user",
        "database.acquire_timeout: invalid value \"0s\": expected at least 1ms",
        "security.secret_key: too short: 5 bytes, expected at least 32",
        "security.token.algorithm: invalid value \"none\"",
        "security.token.refresh_idle: must not be longer than security.token.refresh_absolute",
        "security.password.max_length: must not be less than security.password.min_length",
        "security.password.memory_kib: expected at least 8 times security.password.parallelism",
        "limits.header_timeout: invalid value \"10\": expected a number and a unit",
        "limits.request_timeout: invalid value \"99y\": expected at most ten years",
        "flag --set: expected KEY=VALUE",
    ] {
        assert!(reported.contains(wanted), "{wanted}\n---\n{reported}");
    }
}

#[test]
fn an_error_tells_where_it_was_set_and_how_to_change_it() {
    let reported = Place::default().file(".env", "SVC_ENVIRONMENT=x").refused();
    assert_eq!(
        reported,
        "the configuration has an error\n\n\
         environment: invalid value \"x\": expected one of development, production\n  \
           set by: variable SVC_ENVIRONMENT in .env, line 1\n  \
           change: `environment` at the top of svc.toml\n      \
               or: SVC_ENVIRONMENT in the environment or in .env\n      \
               or: SVC_ENVIRONMENT_FILE, the path of a file with the value"
    );
}

#[test]
fn a_key_appears_once_in_a_layer() {
    for place in [
        Place::default().variable("SVC_LOG__LEVEL", "info").variable("SVC_LOG__LEVEL_FILE", "f"),
        Place::default().file(".env", "SVC_LOG__LEVEL=info\nSVC_LOG__LEVEL_FILE=f"),
        Place::default().file("svc.toml", "[log]\nlevel = 'info'\nlevel_file = 'f'"),
        Place::default().set("log.level=info").set("log.level_file=f"),
    ] {
        let reported = place.file("f", "debug").refused();
        assert!(reported.contains("log.level: set twice; remove one"), "{reported}");
    }
    let reported = Place::default().variable("PORT", "1").variable("PORT_FILE", "f").file("f", "2").refused();
    assert!(
        reported
            .contains("set by: environment variable PORT and file f named by environment variable PORT_FILE"),
        "{reported}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let reported = Place::default().config("nowhere.toml").refused();
    assert!(reported.contains("nowhere.toml: failed to read the file"), "{reported}");
    let reported = Place::default().variable("SVC_LOG__LEVEL_FILE", "nowhere").refused();
    assert!(reported.contains("log.level: failed to read the file with the value"), "{reported}");
    assert!(reported.contains("set by: environment variable SVC_LOG__LEVEL_FILE"), "{reported}");
    let reported = Place::default().variable("SVC_LOG__LEVEL_FILE", "f").file("f", "\n").refused();
    assert!(reported.contains("log.level: the file with the value is empty"), "{reported}");
}

#[test]
fn broken_files_are_refused_with_the_place() {
    let reported = Place::default().file("svc.toml", "[log]\n\nlevel = info").refused();
    assert!(reported.contains("svc.toml: line 3 is not valid TOML"), "{reported}");
    for (text, line) in [
        ("# one\nPORT=1\nSVC_LOG__LEVEL = a b", 3),
        ("\nSVC_LOG__LEVEL", 2),
        ("SVC_LOG-LEVEL=info", 1),
        ("export PORT 8000", 1),
        ("export export\r\nDATABASE_URL_FILE\r\n", 2),
    ] {
        let reported = Place::default().file(".env", text).refused();
        assert!(reported.contains(&format!(".env: line {line} is not NAME=value")), "{text}: {reported}");
    }
    let reported =
        Place::default().file(".env", "PORT='1\nSVC_LOG__LEVEL=\"a\\x\"\nSVC_LOG__FORMAT=x").refused();
    for wanted in
        [".env: line 1 is not", ".env: line 2 is not", "set by: variable SVC_LOG__FORMAT in .env, line 3"]
    {
        assert!(reported.contains(wanted), "{wanted} is not in {reported}");
    }
    let reported = Place::default().bytes(".env", &[0xff, 0xfe, b'S', 0]).refused();
    assert!(reported.contains(".env: the file is not valid UTF-8: the text is UTF-16"), "{reported}");
}

/// Each of these lines is one that some program accepts, or a mistake that concerns that program alone.
#[test]
fn lines_of_other_programs_in_a_dotenv_file_are_passed_over() {
    let others =
        ["NPM-TOKEN=x", "HTTP_PROXY", "nothing", "=x", "A=b c", "A='b", "PORT-X=1", "PORTS", "A=\\q"];
    for other in others {
        for text in [
            format!("{other}\nSVC_LOG__LEVEL='debug'\n"),
            format!("SVC_LOG__LEVEL='debug'\n{other}"),
            format!("{other}\nSVC_LOG__LEVEL=debug\n{other}\n"),
            format!("{other}\r\nexport SVC_LOG__LEVEL=\"debug\"\r\n{other}\r\n"),
        ] {
            let loaded = Place::default().file(".env", &text).load();
            assert_eq!(loaded.settings.log.level, "debug", "{text}");
        }
    }
    let key = "A=1\nPEM=\"BEGIN\nNOT_OURS=x\nEND\"\nSVC_LOG__FORMAT=${A}\n";
    let reported = Place::default().file(".env", key).refused();
    assert!(reported.contains("set by: variable SVC_LOG__FORMAT in .env, line 5"), "{reported}");
    assert!(reported.contains("invalid value \"1\""), "earlier lines are known: {reported}");
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf8_is_refused() {
    use std::os::unix::ffi::OsStringExt;
    let mut place = Place::default().variable("OTHER", "x");
    let value = std::ffi::OsString::from_vec(vec![0xFF]);
    place.sources.environment.push(("SVC_LOG__LEVEL".into(), value.clone()));
    place.sources.environment.push(("OTHER".into(), value));
    let reported = place.refused();
    assert!(
        reported.contains("environment variable SVC_LOG__LEVEL: the value is not valid UTF-8"),
        "{reported}"
    );
}

#[test]
fn a_link_in_a_mail_is_good_for_a_minute_or_more_and_not_for_long() {
    let cases = [
        ("verify_email=59s", "expected at least 1m"),
        ("reset_password=25h", "expected at most 24h"),
        ("change_email=25h", "expected at most 24h"),
        ("invitation=31d", "expected at most 30d"),
    ];
    for (setting, wanted) in cases {
        let reported = Place::default().set(&format!("security.mail_token.{setting}")).refused();
        assert!(reported.contains("security.mail_token.") && reported.contains(wanted), "{reported}");
    }
    Place::default().set("security.mail_token.verify_email=7d").load();
}

#[test]
fn metrics_have_an_address_of_their_own() {
    let place = || Place::default().set("server.listen=127.0.0.1:8000");
    let reported = place().set("server.metrics_listen=127.0.0.1:8000").refused();
    assert!(reported.contains("server.metrics_listen: equal to server.listen"), "{reported}");
    for (text, read) in [
        ("", MetricsListen::Auto),
        ("auto", MetricsListen::Auto),
        ("off", MetricsListen::Off),
        ("127.0.0.1:8001", MetricsListen::At(([127, 0, 0, 1], 8001).into())),
    ] {
        let loaded = place().set(&format!("server.metrics_listen={text}")).load();
        assert_eq!(loaded.settings.server.metrics_listen, read, "{text:?}");
    }
}
