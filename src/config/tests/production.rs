use super::Place;
use crate::config::SecretKeySource;

const KEY: &str = "pX9ZtS3vQm7LwR2cYb8NkF5hJd1GaV6e";

fn production() -> Place {
    Place::default().variable("SVC_ENVIRONMENT", "production")
}

#[test]
fn production_wants_a_secret_key() {
    let reported = production().refused();
    assert!(
        reported.contains("security.secret_key: not set; production expects what `openssl rand"),
        "{reported}"
    );
    assert!(reported.contains("SVC_SECURITY__SECRET_KEY_FILE, the path of a file"), "{reported}");
    let settings = production().variable("SECURITY_SECRET_KEY", KEY).settings();
    assert!(matches!(settings.security.secret_key, SecretKeySource::Given(_)));
}

#[test]
fn a_key_that_was_typed_is_refused_in_production_alone() {
    for key in [
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "1234567812345678123456781234567812345678",
        "CHANGEME-0123456789-abcdefghijklmnop",
        "my-very-own-secret-key-for-development",
        "0123456789 an example of a key for you",
    ] {
        let reported = production().variable("SVC_SECURITY__SECRET_KEY", key).refused();
        assert!(reported.contains("security.secret_key: the key is not random"), "{reported}");
        Place::default().variable("SVC_SECURITY__SECRET_KEY", key).load();
    }
    let reported = Place::default().variable("SVC_SECURITY__SECRET_KEY", &KEY[1..]).refused();
    assert!(reported.contains("security.secret_key: too short: 31 bytes"), "{reported}");
}

#[test]
fn the_previous_secret_key_is_another_one_and_long_enough() {
    let changing = |previous: &str| {
        let place = Place::default().variable("SVC_SECURITY__SECRET_KEY", KEY);
        place.variable("SVC_SECURITY__PREVIOUS_SECRET_KEY", previous)
    };
    let said = changing(KEY).refused();
    assert!(said.contains("security.previous_secret_key: equal to security.secret_key"), "{said}");
    let said = changing(&KEY[1..]).refused();
    assert!(said.contains("security.previous_secret_key: too short: 31 bytes"), "{said}");
    assert!(changing("").settings().security.previous_secret_key.is_none());
    let place = changing("").file("key", "another key of thirty-two bytes!\n");
    let place = place.set("security.previous_secret_key_file=key");
    assert!(place.settings().security.previous_secret_key.is_some());
}

#[test]
fn a_password_that_is_tried_first_is_refused() {
    let guessable = "database.url: the password is a common default";
    let missing = "database.url: the URL has no password";
    for (url, wanted) in [
        ("postgres://svc:postgres@db/svc", Some(guessable)),
        ("postgres://svc:Changeme@localhost/svc", Some(guessable)),
        ("postgres://anna:anna@db/svc", Some(guessable)),
        ("postgres://db/svc?user=svc&password=root", Some(guessable)),
        ("postgres://svc@db/svc", Some(missing)),
        ("postgres://svc:@10.0.0.1/svc", Some(missing)),
        ("postgres://svc@localhost/svc?host=db", Some(missing)),
        ("postgres://svc@localhost/svc", None),
        ("postgres://svc@127.0.0.1/svc", None),
        ("postgres://svc@[::1]/svc", None),
        ("postgres:///svc?host=/run/postgresql", None),
        ("postgres://svc@%2Frun%2Fpostgresql/svc", None),
        ("postgres://svc@%2frun%2fpostgresql/svc", None),
        ("postgres://svc@db/svc?sslcert=a&sslkey=b", None),
        ("postgres://svc:T7kXw0ZbQe@db/svc", None),
        ("sqlite:data/svc.db", None),
    ] {
        let place = production().variable("SECURITY_SECRET_KEY", KEY).variable("DATABASE_URL", url);
        match wanted {
            None => drop(place.load()),
            Some(wanted) => {
                let reported = place.refused();
                assert!(
                    reported.contains(wanted)
                        && reported.contains("set by: environment variable DATABASE_URL"),
                    "{reported}"
                );
            }
        }
        Place::default().variable("DATABASE_URL", url).load();
    }
}

#[test]
fn a_cache_that_anybody_can_write_to_is_refused() {
    for (url, wanted) in [
        ("redis://:changeme@cache", Some("a common default")),
        ("redis://cache:6379", Some("has no password")),
        ("redis://127.0.0.1:6379", None),
        ("redis://:T7kXw0ZbQe@cache", None),
        ("memory:", None),
    ] {
        let place = production().variable("SECURITY_SECRET_KEY", KEY).variable("REDIS_URL", url);
        match wanted {
            None => drop(place.load()),
            Some(wanted) => assert!(place.refused().contains(wanted), "{url}"),
        }
        Place::default().variable("REDIS_URL", url).load();
    }
}

#[test]
fn mail_that_reveals_links_is_refused_and_mail_that_reaches_no_user_is_warned_of() {
    for (url, wanted) in [
        ("log:", Some("writes mailed links, which give access to accounts, to the log")),
        ("smtp://svc:T7kXw0ZbQe@relay?tls=none", Some("the password would be sent without TLS")),
        ("smtp://svc:T7kXw0ZbQe@127.0.0.1?tls=none", None),
        ("smtp://svc:T7kXw0ZbQe@relay", None),
        ("smtps://svc:T7kXw0ZbQe@relay", None),
        ("smtp://mailpit:1025", None),
        ("dir:data/mail", None),
    ] {
        let place = production().variable("SECURITY_SECRET_KEY", KEY).variable("SVC_MAIL__URL", url);
        match wanted {
            None => {
                let warned = place.load().warnings().iter().any(|warning| warning.contains("are not sent"));
                assert_eq!(warned, url.starts_with("dir:"), "{url}");
            }
            Some(wanted) => assert!(place.refused().contains(wanted), "{url}"),
        }
        let warnings = Place::default().variable("SVC_MAIL__URL", url).load().warnings();
        assert_eq!(warnings, Vec::<String>::new());
    }
}

#[test]
fn a_broker_that_anybody_can_use_is_refused() {
    for (url, wanted) in [
        ("amqp://svc:changeme@broker/svc", Some("a common default")),
        ("amqp://guest:guest@broker", Some("a common default")),
        ("amqps://anna:anna@broker", Some("a common default")),
        ("amqp://broker", Some("has no password")),
        ("amqp://guest:guest@localhost", None),
        ("amqp://127.0.0.1:5672/svc", None),
        ("amqp://svc:T7kXw0ZbQe@broker/svc", None),
        ("database:", None),
    ] {
        let place = production().variable("SECURITY_SECRET_KEY", KEY).variable("AMQP_URL", url);
        match wanted {
            None => drop(place.load()),
            Some(wanted) => assert!(place.refused().contains(wanted), "{url}"),
        }
        Place::default().variable("AMQP_URL", url).load();
    }
}

#[test]
fn a_public_url_without_tls_is_refused_unless_it_is_loopback() {
    for (url, taken) in [
        ("http://auth.example.com", false),
        ("http://192.168.0.1:8000", false),
        ("https://auth.example.com", true),
        ("http://localhost:8000", true),
        ("http://127.0.0.1:8000", true),
        ("http://[::1]:8000", true),
    ] {
        let place =
            production().variable("SECURITY_SECRET_KEY", KEY).set(&format!("server.public_url={url}"));
        if taken {
            assert_eq!(place.settings().server.public_url, url);
        } else {
            let reported = place.refused();
            assert!(reported.contains("production expects https://, or a loopback host"), "{reported}");
        }
        Place::default().set(&format!("server.public_url={url}")).load();
    }
}
