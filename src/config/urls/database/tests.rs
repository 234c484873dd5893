use super::*;

fn file(text: &str) -> PathBuf {
    DatabaseUrl::parse(text).unwrap().file().unwrap().to_owned()
}

#[test]
fn sqlite_takes_a_path_in_three_spellings() {
    assert_eq!(file("sqlite:data/svc.db"), Path::new("data/svc.db"));
    assert_eq!(file("sqlite://data/svc.db"), Path::new("data/svc.db"));
    assert_eq!(file("sqlite:///var/lib/svc.db"), Path::new("/var/lib/svc.db"));
    assert_eq!(file("sqlite:/var/lib/svc.db"), Path::new("/var/lib/svc.db"));
}

#[test]
fn a_database_in_memory_is_refused_with_its_reason() {
    for text in ["sqlite:", "sqlite://", "sqlite::memory:", "sqlite://:memory:", "sqlite:x?mode=memory"] {
        assert!(DatabaseUrl::parse(text).unwrap_err().contains("loses every user"), "{text}");
    }
}

#[test]
fn what_is_no_url_is_refused_without_showing_it() {
    let texts = [
        "",
        "hunter2",
        "mysql://u:hunter2@h/d",
        "sqlite:data/?hunter2",
        "postgres://u:hunter2#x@h/d",
        "postgres://u:12/hunter2@h/d",
        "postgres://u:12?hunter2@h/d",
        "postgres://u:12#hunter2@h/d",
        "postgres://u:hunter2@h:0/d",
        "postgres://u:hunter2%@h/d",
        "postgres://u:hunter2@/d",
        "postgres:///d",
        "postgres://h/d?pasword=hunter2",
        "postgres://h/d?sslmode=hunter2",
        "postgres://h/d?port=hunter2",
    ];
    for text in texts {
        assert!(!DatabaseUrl::parse(text).unwrap_err().contains("hunter2"), "{text}");
    }
}

#[test]
fn the_password_is_never_shown() {
    for (text, shown) in [
        ("postgres://svc:hunter2@db:5432/svc", "postgres://svc:****@db:5432/svc"),
        ("postgresql://svc@db/svc?sslmode=require", "postgresql://svc@db/svc?sslmode=require"),
        ("postgres://db/svc?user=a&password=hunter2", "postgres://db/svc?user=a&password=****"),
        ("sqlite:data/svc.db", "sqlite:data/svc.db"),
    ] {
        let url = DatabaseUrl::parse(text).unwrap();
        assert_eq!(url.to_string(), shown);
        assert_eq!(format!("{url:?}"), shown);
    }
}

#[test]
fn hosts_and_ports_are_those_that_the_driver_is_reported() {
    let reported = |text: &str| -> Vec<String> {
        let Ok(DatabaseUrl::Postgres(url)) = DatabaseUrl::parse(text) else { panic!("{text}") };
        url.each_host().iter().map(|url| url.expose_secret()["postgres:///?".len()..].to_owned()).collect()
    };
    assert_eq!(
        reported("postgres://u:p%40@h1,[::1]:5433/d?sslmode=verify-full"),
        [
            "host=h1&port=5432&user=u&password=p%40&dbname=d&sslmode=verify%2Dfull",
            "host=%3A%3A1&port=5433&user=u&password=p%40&dbname=d&sslmode=verify%2Dfull",
        ]
    );
    assert_eq!(reported("postgres://h/d?user=u"), ["host=h&port=5432&user=u&dbname=d"]);
    assert_eq!(reported("postgres:///?host=/run&port=1"), ["host=%2Frun&port=1"]);
    assert_eq!(reported("postgres://x/?host=a,b&port=1,2"), ["host=a&port=1", "host=b&port=2"]);
    for text in
        ["postgres://h/?host=a,b&port=1,2,3", "postgres://h/?host=a,b,c&port=1,2", "postgres://h/?port=0"]
    {
        assert_eq!(DatabaseUrl::parse(text).unwrap_err(), PORTS, "{text}");
    }
}

#[test]
fn of_several_servers_one_has_to_take_changes() {
    let target = |text: &str| match DatabaseUrl::parse(text) {
        Ok(DatabaseUrl::Postgres(url)) => Ok(url.target),
        Ok(DatabaseUrl::Sqlite(_)) => unreachable!(),
        Err(why) => Err(why),
    };
    assert_eq!(target("postgres://h/d"), Ok(SessionTarget::Any));
    assert_eq!(target("postgres://a,b/d"), Ok(SessionTarget::ReadWrite));
    assert_eq!(target("postgres://a,b/d?target_session_attrs=any"), Ok(SessionTarget::Any));
    assert_eq!(target("postgres://a,b/d?target_session_attrs=primary"), Ok(SessionTarget::Primary));
    let reported = target("postgres://a,b/d?target_session_attrs=readwrite").unwrap_err();
    assert!(reported.ends_with("any, read-write, primary; did you mean read-write?"), "{reported}");
    assert!(target("postgres://a,b/d?target_session_attrs=standby").is_err());
    let reported = DatabaseUrl::parse("postgres://h/d?sslmode=verify-ful").unwrap_err();
    assert!(
        reported.starts_with("invalid sslmode: expected one of")
            && reported.ends_with("did you mean verify-full?"),
        "{reported}"
    );
}
