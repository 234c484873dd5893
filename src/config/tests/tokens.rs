use super::Place;
use crate::domain::{Audience, OneLine};

/// The audiences of a configuration.
fn audiences(place: &Place) -> Vec<String> {
    place.settings().security.token.audience.all().map(|audience| audience.as_str().to_owned()).collect()
}

#[test]
fn there_are_one_or_several_audiences() {
    let file =
        |line: &str| audiences(&Place::default().file("svc.toml", &format!("[security.token]\n{line}")));
    assert_eq!(audiences(&Place::default()), ["http://127.0.0.1:8000"]);
    assert_eq!(file("audience = ''"), ["http://127.0.0.1:8000"]);
    assert_eq!(file("audience = []"), ["http://127.0.0.1:8000"]);
    assert_eq!(file("audience = 'a'"), ["a"]);
    assert_eq!(file("audience = ['https://a.example', 'shop']"), ["https://a.example", "shop"]);
    let variable =
        |value: &str| audiences(&Place::default().variable("SVC_SECURITY__TOKEN__AUDIENCE", value));
    assert_eq!(variable("https://a.example, shop"), ["https://a.example", "shop"]);
    assert_eq!(variable("me"), ["me"]);
    let shown = Place::default().set("security.token.audience=a,b").load();
    let shown = shown.explain().iter().find(|found| found.key == "security.token.audience").unwrap().clone();
    assert_eq!(shown.value, r#"["a","b"]"#);
}

#[test]
fn an_audience_that_no_token_could_have_is_refused() {
    let many: Vec<String> = (0..33).map(|number| format!("'{number}'")).collect();
    for (value, expected) in [
        ("['a', 'a']", "invalid entry \"a\": it is listed twice"),
        ("['a', '']", "invalid entry \"\": the audience must have at least one character"),
        ("[1]", "expected a list such as [\"https://api.example.com\", \"shop\"]"),
        ("1", "expected a list such as"),
        (&format!("'{}'", "a".repeat(Audience::LONGEST + 1)), "at most 255 characters"),
        (&format!("[{}]", many.join(",")), "expected at most 32 audiences"),
    ] {
        let text = format!("[security.token]\naudience = {value}");
        let reported = Place::default().file("svc.toml", &text).refused();
        assert!(reported.contains("security.token.audience: ") && reported.contains(expected), "{reported}");
    }
}

#[test]
fn claims_are_members_of_users_and_no_reserved_ones() {
    let claims = |value: &str| Place::default().variable("SVC_SECURITY__TOKEN__CLAIMS", value);
    let names = |value: &str| -> Vec<String> {
        claims(value).settings().security.token.claims.names().map(str::to_owned).collect()
    };
    assert!(Place::default().settings().security.token.claims.is_empty());
    assert_eq!(names("email, email_verified,name"), ["email", "email_verified", "name"]);
    assert_eq!(names("mail=email, email_verified"), ["mail", "email_verified"]);
    let crowd =
        |count: usize| (0..count).map(|number| format!("a{number}=name")).collect::<Vec<_>>().join(",");
    for (value, expected) in [
        (
            "phone",
            "invalid entry \"phone\": expected one of email, email_verified, name, metadata.… or app_metadata.…, or a claim",
        ),
        ("sub=metadata.sub", "the claim \"sub\" is reserved"),
        ("Role=app_metadata.role", "the claim \"Role\" is reserved"),
        ("app_metadata.tenant=metadata.tenant", "would be taken for another member of the user"),
        ("sub=email", "invalid entry \"sub=email\": the claim \"sub\" is reserved"),
        ("roles=name", "the claim \"roles\" is reserved"),
        ("scope=name", "the claim \"scope\" is reserved"),
        ("Sub=name", "the claim \"Sub\" is reserved"),
        ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name=name", "is reserved"),
        ("mail=email", "the member email needs email_verified beside it"),
        ("name, Name=name", "would be taken for another member"),
        ("a=name, A=name", "another entry has the same claim"),
        ("name, name", "another entry has the same claim"),
        (&crowd(17), "expected at most 16 claims"),
        (&crowd(6), "an access token could be longer than the 4,096 bytes that browsers store"),
    ] {
        let reported = claims(value).refused();
        assert!(reported.contains("security.token.claims: ") && reported.contains(expected), "{reported}");
    }
    assert_eq!(names(&crowd(5)).len(), 5);
    assert_eq!(
        names("email,email_verified,app_metadata.tenant,plan=metadata.shop.plan"),
        ["email", "email_verified", "app_metadata.tenant", "plan"]
    );
    let issuer = |length| Place::default().set(&format!("security.token.issuer={}", "i".repeat(length)));
    // The public URL is the audience, of 23 bytes.
    issuer(2_175).settings();
    let quotes = Place::default().set(&format!("security.token.issuer={}", "\"".repeat(1_088)));
    for place in [issuer(2_176), quotes] {
        assert!(place.refused().contains("security.token.issuer: with the issuer"));
    }
    let longest = "\u{10348}".repeat(Audience::LONGEST);
    let room = Place::default().set(&format!("security.token.audience={longest}"));
    room.set("security.token.claims=a=name,b=name").settings();
    let place = Place::default().set(&format!("security.token.audience={longest}"));
    let reported = place.set("security.token.claims=a=name,b=name,c=name").refused();
    assert!(reported.contains("security.token.claims: with the issuer"), "{reported}");
}
