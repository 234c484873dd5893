use super::Place;

#[test]
fn mails_come_from_the_host_of_the_public_url_unless_a_sender_is_set() {
    let from = |place: Place| place.settings().mail.from;
    assert_eq!(from(Place::default()), "no-reply@localhost");
    let public = || Place::default().set("server.public_url=https://auth.example.com/sub");
    assert_eq!(from(public()), "no-reply@auth.example.com");
    for named in ["svc@localhost", "Ada & Co. <mail@example.com>", "\"Ada, Bea\" <mail@example.com>"] {
        assert_eq!(from(public().variable("SVC_MAIL__FROM", named)), named);
    }
}

#[test]
fn a_sender_that_no_mail_server_takes_is_refused() {
    let wanted = "expected an address such as no-reply@example.com or Example <no-reply@example.com>";
    for (wrong, why) in [
        ("Ada", ""),
        ("Ada <>", ""),
        ("a@b.cd\r\nBcc: x@y.z", " on one line"),
        ("jürgen@example.com", ", in ASCII"),
        ("a@b.cd, e@f.gh", ": exactly one"),
        ("Example, Inc. <a@b.cd>", ": exactly one"),
    ] {
        let reported = Place::default().variable("SVC_MAIL__FROM", wrong).refused();
        assert!(
            reported.contains("mail.from: invalid value ") && reported.contains(&format!("{wanted}{why}")),
            "{reported}"
        );
    }
}
