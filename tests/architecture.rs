//! Enforces the dependency rule: a line of an inner layer that names an outer one, or a library that belongs
//! to an adapter, fails and is printed.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Layers from the inside out, each with the layers that its folder of `src/` must not name.
const RULES: &[(&str, &[&str])] = &[
    ("domain", &["ports", "usecases", "adapters", "api", "worker", "cli", "config", "container"]),
    ("ports", &["usecases", "adapters", "api", "worker", "cli", "config", "container"]),
    ("usecases", &["adapters", "api", "worker", "cli", "config", "container"]),
    ("adapters", &["usecases", "api", "worker", "cli", "config", "container"]),
    ("api", &["adapters", "cli", "config", "container"]),
    ("worker", &["adapters", "api", "cli", "config", "container"]),
    ("config", &["ports", "usecases", "adapters", "api", "worker", "cli", "container"]),
];

/// Libraries that only the outer layers may name.
const LIBRARIES: &[&str] = &[
    "sqlx",
    "poem",
    "poem_openapi",
    "lapin",
    "deadpool_redis",
    "redis",
    "figment",
    "clap",
    "lettre",
    "argon2",
    "jsonwebtoken",
    "aws_lc_rs",
    "hyper",
    "tokio",
    "serde",
    "serde_json",
];

const WITHOUT_LIBRARIES: &[&str] = &["domain", "ports", "usecases"];

#[test]
fn every_layer_names_only_inner_layers() {
    let mut broken = Vec::new();
    let mut files = 0;
    for (layer, forbidden) in RULES {
        for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer)).unwrap() {
            files += 1;
            let text = fs::read_to_string(&file).unwrap();
            broken.extend(
                offences(layer, forbidden, &joined(&text)).map(|line| format!("{}:{line}", file.display())),
            );
        }
    }
    assert!(files > 50, "only {files} files were found: the layout has moved");
    assert!(broken.is_empty(), "the dependency rule is broken:\n{}", broken.join("\n"));
}

#[test]
fn the_rule_finds_violations() {
    let rule = |layer: &str, line: &str| {
        let forbidden = RULES.iter().find(|(name, _)| *name == layer).unwrap().1;
        offences(layer, forbidden, &joined(line)).count()
    };
    assert_eq!(rule("domain", "use crate::ports::Store;"), 1);
    assert_eq!(rule("usecases", "    let x = sqlx::query(\"\");"), 1);
    assert_eq!(rule("usecases", "use crate::{adapters::jwt, domain::User};"), 1);
    assert_eq!(rule("usecases", "use crate::{\n    adapters::jwt,\n    domain::User,\n};\n\nfn x() {}"), 1);
    assert_eq!(rule("ports", "use tokio::sync::Mutex;"), 1);
    assert_eq!(rule("usecases", "use crate::ports::Store; // unlike sqlx::Pool"), 0);
    assert_eq!(rule("adapters", "use sqlx::query;"), 0);
}

/// Finds the offending lines, each with its number.
fn offences<'a>(layer: &'a str, forbidden: &'a [&str], text: &'a str) -> impl Iterator<Item = String> + 'a {
    text.lines().enumerate().filter_map(move |(index, line)| {
        let code = line.split("//").next().unwrap_or_default();
        let names_layer = |name: &&str| {
            code.contains(&format!("crate::{name}"))
                || (code.contains("crate::{") && words(code).any(|word| word == *name))
        };
        let names_library =
            |name: &&str| code.contains(&format!("{name}::")) && words(code).any(|word| word == *name);
        let wrong = forbidden.iter().any(names_layer)
            || (WITHOUT_LIBRARIES.contains(&layer) && LIBRARIES.iter().any(names_library));
        wrong.then(|| format!("{}: {}", index + 1, line.trim()))
    })
}

/// Joins each `use` item on its first line, and keeps the number of lines.
fn joined(text: &str) -> String {
    let mut joined = String::new();
    let mut owed = 0;
    for line in text.lines() {
        let code = line.trim();
        if owed > 0 {
            joined.push_str(code);
            owed += 1;
        } else {
            joined.push_str(line);
            owed = usize::from(code.starts_with("use ") || code.starts_with("pub use "));
        }
        if owed == 0 || code.ends_with(';') {
            joined.push_str(&"\n".repeat(owed.max(1)));
            owed = 0;
        }
    }
    joined
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}
