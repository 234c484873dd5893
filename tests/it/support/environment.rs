use std::io::Write;
use std::sync::Once;

/// A variable that steers the tests.
#[expect(clippy::disallowed_methods, reason = "the tests have no settings but these")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Says that the running test was skipped since `missing` is; panics when services are required.
pub fn skip(missing: &str) {
    say("SKIPPED", missing);
}

/// Says that the running test proves less than it could since `missing` is; panics when services are required.
pub fn lessen(missing: &str) {
    say("LESSENED", missing);
}

/// Written to the stream itself: what `eprintln!` writes is shown of failing tests only.
fn say(what: &str, missing: &str) {
    static ONCE: Once = Once::new();
    assert!(
        variable("SVC_TEST_REQUIRE_SERVICES").as_deref() != Some("1"),
        "{missing}, and SVC_TEST_REQUIRE_SERVICES=1 requires it"
    );
    let mut stderr = std::io::stderr().lock();
    ONCE.call_once(|| {
        let _ = writeln!(
            stderr,
            "\nSOME TESTS ARE SKIPPED OR LESSENED: {missing}. What passes below proves nothing of it."
        );
    });
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let _ =
        writeln!(stderr, "{what} {test}: {missing}; set SVC_TEST_REQUIRE_SERVICES=1 to make this a failure");
}
