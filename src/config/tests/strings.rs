use super::Place;

/// Texts that a lax parser would read as a number, a boolean, a list or a table, or would shorten.
const VALUES: [&str; 8] = ["123456", "true", "1e5", "[a]", "{a=1}", "007", "a,b", " x "];

#[test]
fn text_stays_text_from_every_source() {
    for value in VALUES {
        let places = [
            Place::default().file("svc.toml", &format!("[security.token]\nissuer = '{value}'")),
            Place::default()
                .file("my.toml", &format!("security.token.issuer = \"{value}\""))
                .config("my.toml"),
            Place::default().file("svc.toml", "[security.token]\nissuer_file = 'f'").file("f", value),
            Place::default().file(".env", &format!("SVC_SECURITY__TOKEN__ISSUER='{value}'")),
            Place::default().file(".env", "SVC_SECURITY__TOKEN__ISSUER_FILE=f").file("f", value),
            Place::default().variable("SVC_SECURITY__TOKEN__ISSUER", value),
            Place::default().variable("SVC_SECURITY__TOKEN__ISSUER_FILE", "f").file("f", value),
            Place::default().set(&format!("security.token.issuer={value}")),
            Place::default().set("security.token.issuer_file=f").file("f", value),
        ];
        for place in places {
            let loaded = place.load();
            let origin = loaded.origin("security.token.issuer");
            assert_eq!(loaded.settings.security.token.issuer, value, "{origin}");
        }
    }
}

#[test]
fn a_value_without_quotes_in_a_file_is_refused() {
    for value in ["123456", "true", "1e5", "[\"a\"]", "1979-05-27"] {
        let reported =
            Place::default().file("svc.toml", &format!("[security.token]\nissuer = {value}")).refused();
        assert!(
            reported.contains("security.token.issuer: expected text: write the value in quotes"),
            "{reported}"
        );
        assert!(reported.contains("set by: svc.toml"), "{reported}");
    }
}

#[test]
fn a_byte_order_mark_and_a_newline_at_the_end_of_a_file_are_dropped_and_no_other_space() {
    for (text, value) in
        [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), (" a ", " a "), ("a", "a"), ("\u{FEFF}a\r\n", "a")]
    {
        let place = Place::default().variable("SVC_SECURITY__TOKEN__ISSUER_FILE", "f").file("f", text);
        assert_eq!(place.settings().security.token.issuer, value);
    }
}

#[test]
fn numbers_and_lists_come_from_text_too() {
    let place = Place::default()
        .variable("SVC_LIMITS__BODY_BYTES", "2048")
        .variable("SVC_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1,")
        .set("database.max_connections=7");
    let settings = place.settings();
    assert_eq!(settings.limits.body_bytes, 2048);
    assert_eq!(settings.database.max_connections, 7);
    let proxies: Vec<String> = settings.server.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "::1/128"]);
}

#[test]
fn what_is_no_number_is_refused() {
    for value in ["1e5", "true", "-1", "2048.0", "many", "[1]", "99999999999999999999", "0"] {
        let reported = Place::default().variable("SVC_LIMITS__BODY_BYTES", value).refused();
        assert!(
            reported.contains("limits.body_bytes: expected a whole number from 1024 to 67108864"),
            "{reported}"
        );
    }
}
