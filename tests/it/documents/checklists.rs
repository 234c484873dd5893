//! The table of what a change touches is true: each file that it lists names the example, and no other does.

use std::collections::BTreeSet;
use std::fs::{read_dir, read_to_string};
use std::path::Path;

use svc::domain::EventType;

use super::{at, read, rows, spans};

/// Returns the files below a folder, as paths in the repository, except those with tests.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in read_dir(at("").join(folder)).unwrap() {
        let path = folder.join(entry.unwrap().file_name());
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "tests" || name.ends_with("_tests") {
            continue;
        }
        if at("").join(&path).is_dir() {
            sources(&path, found);
        } else {
            found.push(path.to_str().unwrap().to_owned());
        }
    }
}

/// Whether a text contains a word, which is not a part of a longer one.
fn names(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

#[test]
fn a_change_touches_the_files_that_the_table_lists() {
    let page = read("CONTRIBUTING.md");
    let section = page.split("## What a change touches").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut files = vec!["config/default.toml".to_owned()];
    sources(Path::new("src"), &mut files);
    let mut kinds = 0;
    for row in rows(section) {
        let [kind, count, example, listed] = row[..] else { panic!("a row of four cells: {row:?}") };
        let word = spans(example).next().unwrap();
        let listed: BTreeSet<&str> = spans(listed).collect();
        let number = count.split(|c: char| !c.is_ascii_digit()).next();
        assert_eq!(number, Some(listed.len().to_string().as_str()), "{kind}: the number of files");
        let is_named = |file: &str| Path::new(file).file_stem().is_some_and(|stem| stem == word);
        let naming =
            files.iter().filter(|file| is_named(file) || names(&read_to_string(at(file)).unwrap(), word));
        let naming: BTreeSet<&str> = naming.map(String::as_str).collect();
        if ["a setting", "a column of users"].contains(&kind) {
            // What they are for differs.
            assert!(naming.is_superset(&listed), "{kind}: {naming:?}");
        } else {
            assert_eq!(naming, listed, "{kind}: the files that name {word}, and those in CONTRIBUTING.md");
        }
        kinds += 1;
    }
    assert!(kinds >= 10, "{kinds} kinds of changes");
}

#[test]
fn the_files_that_the_checklists_name_exist() {
    let page = read("CONTRIBUTING.md");
    let mut checked = 0;
    for path in spans(&page) {
        let is_file = path.contains('/') && path.rsplit('.').next() == Some("rs") && !path.contains('<');
        if is_file {
            let exists = ["", "src", "tests/it"].iter().any(|folder| at(folder).join(path).exists());
            assert!(exists, "CONTRIBUTING.md names {path}");
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} files");
}

#[test]
fn the_page_of_events_names_each_type() {
    let page = read("docs/events.md");
    let table = page.split("The types, each as").nth(1).unwrap().split("\n\n- ").next().unwrap();
    let named: BTreeSet<&str> =
        rows(table).iter().flat_map(|row| spans(row[1]).collect::<Vec<_>>()).collect();
    let short =
        |name: &'static str| name.split_once('.').and_then(|(_, name)| name.rsplit_once('.')).unwrap().0;
    let all: BTreeSet<&str> = EventType::ALL.iter().map(|event| short(event.name())).collect();
    assert_eq!(named, all, "the types in docs/events.md, and those in `EventType`");
}
