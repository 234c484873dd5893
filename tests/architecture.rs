//! The dependency rule, enforced: the table in `docs/architecture.md` says which folders and libraries the
//! files of each folder may name. A line that names another one fails here and is printed. No files depend on
//! each other in a circle (`architecture/circles.rs`), and no folder uses what the container gives to tests
//! (`architecture/accessors.rs`).

#[path = "architecture/accessors.rs"]
mod accessors;
#[path = "architecture/circles.rs"]
mod circles;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use circles::Files;

/// The only file that may have unsafe code: a call into the allocator.
const UNSAFE: &str = "tasks/memory.rs";

/// Libraries that every folder may use.
const EVERYWHERE: &[&str] = &["secrecy", "thiserror", "uuid"];

/// The row of a folder: the folders and the libraries that its files may name.
#[derive(Debug, Default)]
struct Row {
    folders: BTreeSet<String>,
    libraries: BTreeSet<String>,
    everything: bool,
}

/// One name in a file: a folder of this crate, or a library.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Folder(String),
    Library(String),
}

#[test]
fn one_file_has_unsafe_code() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let has_it = |file: &PathBuf| fs::read_to_string(file).unwrap().contains("unsafe_code");
    let files: Vec<_> = files(&source).unwrap().into_iter().filter(has_it).collect();
    assert_eq!(files, [source.join(UNSAFE)], "the lint of Cargo.toml denies it elsewhere");
}

#[test]
fn every_file_names_only_what_the_table_allows() {
    let (table, libraries) = (table(&page().unwrap()), libraries().unwrap());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    let mut used: BTreeMap<&str, BTreeSet<Name>> = BTreeMap::new();
    let files = files(&source).unwrap();
    assert!(files.len() > 300, "only {} files were found: the layout has moved", files.len());
    for file in files {
        let path = file.strip_prefix(&source).unwrap().with_extension("").display().to_string();
        let Some((folder, row)) = row_of(&table, &path) else {
            broken.push(format!("src/{path}.rs: no row of the table covers it"));
            continue;
        };
        for (line, name) in names(&fs::read_to_string(&file).unwrap(), &libraries) {
            used.entry(folder).or_default().insert(name.clone());
            if !allows(folder, row, &name) {
                broken.push(format!("src/{path}.rs:{line}: `{folder}` names {name:?}"));
            }
        }
    }
    for (folder, row) in &table {
        let used = used.remove(folder.as_str()).unwrap_or_default();
        let listed = row.folders.iter().cloned().map(Name::Folder);
        for name in listed.chain(row.libraries.iter().cloned().map(Name::Library)) {
            if !used.iter().any(|used| used == &name || is_within(used, &name)) {
                broken.push(format!("docs/architecture.md: no file of `{folder}` names {name:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "the dependency rule is broken:\n{}", broken.join("\n"));
}

#[test]
fn a_file_that_breaks_the_table_is_found() {
    let table = table(
        "| folder | holds | may use | libraries |\n|---|---|---|---|\n\
         | `domain` | rules | | `time` |\n| `usecases` | verbs | `domain`, `ports` | |\n\
         | `adapters/cache` | copies | `adapters/tokens` | `moka` |\n",
    );
    let libraries: BTreeSet<String> = ["time", "sqlx", "moka"].map(str::to_owned).into();
    let broken = |path: &str, text: &str| {
        let (folder, row) = row_of(&table, path).unwrap();
        names(text, &libraries).into_iter().filter(|(_, name)| !allows(folder, row, name)).count()
    };
    assert_eq!(broken("domain/user", "use crate::ports::Store;"), 1);
    assert_eq!(broken("domain/user", "use time::Date;\nuse crate::domain::User;"), 0);
    assert_eq!(broken("usecases/auth/log_in", "    let x = sqlx::query(\"\");"), 1);
    assert_eq!(broken("usecases/auth/log_in", "use crate::{adapters::tokens, domain::User};"), 1);
    assert_eq!(
        broken("usecases/auth/log_in", "use crate::{\n    adapters::tokens,\n    ports::Store,\n};\n"),
        1
    );
    assert_eq!(broken("usecases/auth/log_in", "use crate::ports::Store; // unlike sqlx::Pool"), 0);
    assert_eq!(broken("adapters/cache/mod", "use crate::adapters::{cache::redis, tokens::jwt};"), 0);
    assert_eq!(broken("adapters/cache/mod", "use crate::adapters::{cache::redis, mail::Sender};"), 1);
    assert_eq!(broken("domain/user", "#[cfg(test)]\nmod tests {\n    use sqlx::query;\n}\n"), 0);
    assert!(row_of(&table, "api/router").is_none());
}

/// Dependencies that are left out: the two files are parts of one thing that is too long for one file.
const PARTS: &[&str] = &[
    "adapters/cache/change_feed -> adapters/cache/tiered",
    "adapters/cache/redis/draw -> adapters/cache/redis/client",
    "adapters/cache/reloading -> adapters/cache/tiered",
    "adapters/sqlx/postgres/pool -> adapters/sqlx/postgres/lease",
    "adapters/sqlx/postgres/rested -> adapters/sqlx/postgres/pool",
    "adapters/sqlx/postgres/sessions/process -> adapters/sqlx/postgres/sessions",
];

#[test]
fn no_files_depend_on_each_other_in_a_circle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Files::default();
    for file in self::files(&source).unwrap() {
        let path = file.strip_prefix(&source).unwrap().with_extension("").display().to_string();
        if path != "main" {
            files.add(&path, code(&fs::read_to_string(&file).unwrap()));
        }
    }
    let files = files.read();
    let broken = files.circles(|dependency| PARTS.contains(&dependency));
    assert!(broken.is_empty(), "files depend on each other in a circle:\n{}", broken.join("\n"));
    let broken = files.imports_from_exporters();
    assert!(
        broken.is_empty(),
        "a mod.rs is imported by the children that it exports:\n{}",
        broken.join("\n")
    );
    for part in PARTS {
        let without = files.circles(|dependency| PARTS.contains(&dependency) && dependency != *part);
        assert!(!without.is_empty(), "PARTS lists {part}, which closes no circle");
    }
}

fn page() -> io::Result<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md"))
}

/// The rows of the table of folders.
fn table(page: &str) -> BTreeMap<String, Row> {
    let rows = page.lines().skip_while(|line| !line.starts_with("| folder | holds |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let spans =
        |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [folder, _, folders, libraries] = cells[..] else { panic!("four cells are expected: {row}") };
        let row = Row {
            folders: spans(folders),
            libraries: spans(libraries),
            everything: folders.trim() == "everything",
        };
        (spans(folder).pop_first().unwrap_or_default(), row)
    })
    .collect()
}

/// The libraries in `Cargo.toml`, by the names that code uses.
fn libraries() -> io::Result<BTreeSet<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))?;
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section.ends_with("dependencies") && !section.contains("dev-");
        } else if inside && let Some((name, _)) = line.split_once(['=', '.']) {
            found.insert(name.trim().replace('-', "_"));
        }
    }
    Ok(found)
}

/// The row with the longest folder that the path begins with.
fn row_of<'a>(table: &'a BTreeMap<String, Row>, path: &str) -> Option<(&'a str, &'a Row)> {
    let covers = |folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
    let row = table.iter().filter(|(folder, _)| covers(folder)).max_by_key(|(folder, _)| folder.len())?;
    Some((row.0, row.1))
}

fn allows(folder: &str, row: &Row, name: &Name) -> bool {
    match name {
        Name::Folder(named) => {
            let is_own = named == folder || named.starts_with(&format!("{folder}/"));
            let listed = |listed: &String| named == listed || named.starts_with(&format!("{listed}/"));
            row.everything || is_own || row.folders.iter().any(listed)
        }
        Name::Library(library) => EVERYWHERE.contains(&library.as_str()) || row.libraries.contains(library),
    }
}

/// Whether a used name is below a listed folder.
fn is_within(used: &Name, listed: &Name) -> bool {
    match (used, listed) {
        (Name::Folder(used), Name::Folder(listed)) => used.starts_with(&format!("{listed}/")),
        (Name::Library(used), Name::Folder(listed)) => used == listed,
        _ => false,
    }
}

/// The names in a file, each with its line. Tests within the file are left out.
fn names(text: &str, libraries: &BTreeSet<String>) -> Vec<(usize, Name)> {
    let code = code(text);
    let mut found = Vec::new();
    for (start, _) in code.match_indices("crate::") {
        let before = &code[..start];
        let is_scope = before.ends_with("pub(in ");
        if is_scope || before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let line = before.lines().count().max(1);
        let tree = code[start + "crate::".len()..].split(';').next().unwrap_or_default();
        found.extend(folders(tree).into_iter().map(|folder| (line, Name::Folder(folder))));
    }
    for (number, line) in code.lines().enumerate() {
        for library in libraries {
            let is_named = line.match_indices(&format!("{library}::")).any(|(start, _)| {
                !line[..start].ends_with(|before: char| before.is_alphanumeric() || "_:".contains(before))
            });
            if is_named {
                found.push((number + 1, Name::Library(library.clone())));
            }
        }
    }
    found
}

/// The folders that a path or a tree of paths after `crate::` names: `adapters` with the folder below it.
fn folders(tree: &str) -> Vec<String> {
    let segment =
        |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut found = Vec::new();
    for part in parts(tree) {
        let first = segment(&part);
        match part.strip_prefix("adapters::") {
            Some(rest) => found.extend(parts(rest).iter().map(|part| format!("adapters/{}", segment(part)))),
            None if first.chars().all(|c| c.is_lowercase() || c == '_') => found.push(first),
            None => {}
        }
    }
    found
}

/// The members of a tree in braces, or the path itself.
fn parts(tree: &str) -> Vec<String> {
    let Some(inner) = tree.strip_prefix('{') else { return vec![tree.to_owned()] };
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in inner.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => parts.push(String::new()),
            c => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The text without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let end = text
        .find("#[cfg(test)]\nmod ")
        .filter(|at| text[*at..].lines().nth(1).is_some_and(|line| line.ends_with('{')));
    let lines = text[..end.unwrap_or(text.len())].lines();
    let without = lines.map(|line| {
        if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or_default() }
    });
    without.collect::<Vec<_>>().join("\n")
}

/// The source files, without those that hold only tests.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name == "tests" || name.ends_with("_tests") {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}
