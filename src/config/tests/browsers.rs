use super::Place;
use crate::domain::SameSite;

#[test]
fn origins_are_exact() {
    let settings = Place::default().settings();
    assert!(settings.server.allowed_origins.is_empty());
    let place = Place::default();
    let place =
        place.variable("SVC_SERVER__ALLOWED_ORIGINS", "https://app.example.com, http://localhost:5500");
    let allowed = place.settings().server.allowed_origins;
    assert_eq!(allowed, ["https://app.example.com", "http://localhost:5500"]);
    for (entry, said) in [
        ("*", "wildcards are not supported, name each origin"),
        ("https://app.example.com/", "browsers write this origin as \"https://app.example.com\""),
        ("https://app.example.com, null", "invalid entry \"null\": expected the origin of a page"),
    ] {
        let reported = Place::default().variable("SVC_SERVER__ALLOWED_ORIGINS", entry).refused();
        assert!(
            reported.contains("server.allowed_origins: invalid entry") && reported.contains(said),
            "{reported}"
        );
    }
}

#[test]
fn cookies_are_of_one_site() {
    assert_eq!(Place::default().settings().security.same_site, SameSite::Lax);
    let set = |value: &str| Place::default().set(&format!("security.cookies.same_site={value}"));
    assert_eq!(set("strict").settings().security.same_site, SameSite::Strict);
    let reported = set("none").refused();
    assert!(reported.contains("cookies for pages of other sites are not supported"), "{reported}");
    let reported = set("Lax").refused();
    assert!(reported.contains("invalid value \"Lax\": expected one of lax, strict"), "{reported}");
}

#[test]
fn cookies_are_plain_only_on_loopback_without_tls() {
    for (url, plain) in [
        ("http://127.0.0.1:8000", true),
        ("http://localhost:8000", true),
        ("http://[::1]:8000", true),
        ("https://localhost:8000", false),
        ("http://192.168.0.1:8000", false),
        ("http://localhost.example.com", false),
        ("https://auth.example.com", false),
    ] {
        let server = Place::default().set(&format!("server.public_url={url}")).settings().server;
        assert_eq!(server.is_plain_loopback(), plain, "{url}");
    }
    assert!(Place::default().settings().server.is_plain_loopback());
}
