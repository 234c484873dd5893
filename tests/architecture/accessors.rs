use std::fs;
use std::path::Path;

use super::files;

/// The accessors are for tests and benchmarks. The command line and the worker call use cases.
#[test]
fn no_folder_uses_the_accessors_of_the_container() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("src/container/access.rs")).unwrap();
    let ports = text.split_once("\naccess! {").unwrap().1.split_once('}').unwrap().0;
    let ports = ports.lines().filter_map(|line| line.trim().split_once(':')).map(|(port, _)| port);
    let functions =
        text.split("pub fn ").skip(1).filter_map(|rest| rest.split_once('(')).map(|(name, _)| name);
    let accessors: Vec<&str> = ports.chain(functions.filter(|name| *name != "$port")).collect();
    assert!(accessors.len() >= 12, "{accessors:?}");
    let found_in = |file: &Path| {
        let text: String = fs::read_to_string(file).unwrap().split_whitespace().collect();
        let used = |name: &&&str| {
            text.contains(&format!("container.{name}()")) || text.contains(&format!("Container::{name}"))
        };
        accessors.iter().filter(used).map(|name| format!("{}: {name}", file.display())).collect::<Vec<_>>()
    };
    let all =
        |folder: &str| files(&root.join(folder)).unwrap().iter().flat_map(|file| found_in(file)).collect();
    let of_service: Vec<String> = all("src");
    assert!(of_service.is_empty(), "a folder uses an accessor of the container:\n{}", of_service.join("\n"));
    let of_tests: Vec<String> = all("tests/it");
    assert!(of_tests.len() > 10, "the tests use none: the way in which they are found is wrong");
}
