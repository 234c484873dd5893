use std::io::Write;
use std::path::PathBuf;
use std::sync::Once;

/// Reads an environment variable that configures the tests.
#[expect(clippy::disallowed_methods, reason = "the tests have no settings but these")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Finds a program that may be installed.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    // Debian installs servers in a folder that only root has on the PATH.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Finds the library that `faketime` loads into a process.
pub fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.chain(std::fs::read_dir("/usr/local/lib").ok()?);
    let libraries = folders.map(|folder| folder.unwrap().path().join("faketime/libfaketime.so.1"));
    libraries.into_iter().find(|library| library.is_file())
}

/// Reports that the running test was skipped because `missing` is. Panics if services are required.
pub fn skip(missing: &str) {
    say("SKIPPED", missing);
}

/// Reports that the running test checks less than it could because `missing` is. Panics if services are
/// required.
pub fn lessen(missing: &str) {
    say("LESSENED", missing);
}

/// Written directly to stderr: the test harness captures the output of `eprintln!` and shows it only for
/// failing tests.
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
