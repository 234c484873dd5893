//! Links between pages have a target.

use std::collections::BTreeSet;
use std::fs::read_dir;
use std::path::{Component, Path, PathBuf};

use super::{at, read};

/// Lists every page that links to others.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(str::to_owned).into();
    let others = ["browser", "clients", "consumers", "containers"].map(|name| format!("tests/{name}"));
    let documents = ["docs", "docs/decisions", "deploy/kubernetes", "examples/browser"].map(str::to_owned);
    for folder in documents.into_iter().chain(others) {
        let files = read_dir(at(&folder)).unwrap().map(|file| PathBuf::from(file.unwrap().file_name()));
        let written = files.filter(|name| name.extension().is_some_and(|kind| kind == "md"));
        pages.extend(written.map(|name| format!("{folder}/{}", name.display())));
    }
    pages
}

/// Returns the anchors of the headings of a page, as GitHub makes them.
pub fn anchors(path: &str) -> BTreeSet<String> {
    let mut is_code = false;
    let text = read(path);
    let headings = text.lines().filter_map(|line| {
        is_code ^= line.starts_with("```");
        let heading = line.trim_start_matches('#').strip_prefix(' ')?;
        (!is_code && line.starts_with('#')).then_some(heading)
    });
    let anchor = |heading: &str| {
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// Resolves `.` and `..` in a path.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
        plain
    })
}

/// Panics unless the file exists and has the heading.
#[track_caller]
pub fn check(from: &str, link: &str) {
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let folder = Path::new(from).parent().unwrap();
    let target = if path.is_empty() { PathBuf::from(from) } else { plain(&folder.join(path)) };
    let target = target.to_str().unwrap();
    assert!(at(target).exists(), "{from} links to {link}, and there is no {target}");
    if let Some(anchor) = anchor {
        assert!(anchors(target).contains(anchor), "{from} links to {link}, and {target} has no such heading");
    }
}

#[test]
fn every_link_has_a_target() {
    let mut checked = 0;
    for page in pages() {
        for link in
            read(&page).split("](").skip(1).filter_map(|rest| rest.split(')').next().map(str::to_owned))
        {
            if !link.contains("://") {
                check(&page, &link);
                checked += 1;
            }
        }
    }
    assert!(checked > 100, "{checked} links were found");
}
