use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;

/// A variable that steers the tests.
#[expect(clippy::disallowed_methods, reason = "the tests have no settings but these")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where a program is that may be installed.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    // Debian puts servers where only root looks.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
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
