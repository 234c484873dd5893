//! `cargo run` and `cargo test` share the compiled crates.

use std::collections::BTreeSet;
use std::process::Command;

/// Returns every package with its features, as cargo resolves them along these edges.
fn resolved(edges: &str) -> BTreeSet<String> {
    let ran = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--prefix",
            "none",
            "--no-dedupe",
            "--format",
            "{p} {f}",
            "--edges",
            edges,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// A crate is compiled once for each set of its features. If the libraries of the tests ask for more features
/// than the service does, cargo compiles the crate and all that use it a second time, and the service itself
/// after each change.
#[test]
fn the_libraries_of_the_tests_need_no_other_features() {
    let (service, tests) = (resolved("normal,build"), resolved("normal,build,dev"));
    assert!(service.iter().any(|line| line.starts_with("tokio v")), "{service:?}");
    let alone: Vec<_> = service.difference(&tests).collect();
    assert!(
        alone.is_empty(),
        "cargo compiles these a second time for the tests; give them the features of the tests in Cargo.toml, in the \
         table `cfg(all())`:\n{alone:#?}"
    );
}
