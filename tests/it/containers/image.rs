//! The files that the image is built from, and its labels.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::dockerfile::{Instruction, of_image, pairs_of_image, stages};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(HERE).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the paths that the first stage copies from the repository, in order, with the position of each in
/// the stage.
fn copied(stage: &[Instruction]) -> Vec<(usize, String)> {
    let copies = stage.iter().enumerate().filter(|(_, instruction)| instruction.name == "COPY");
    let sources = copies.flat_map(|(place, instruction)| {
        let words: Vec<&str> = instruction.rest.split(' ').collect();
        let sources = words[..words.len() - 1].iter().map(|word| word.trim_end_matches('/').to_owned());
        sources.map(move |source| (place, source)).collect::<Vec<_>>()
    });
    sources.collect()
}

#[test]
fn a_change_of_the_source_builds_no_dependency_again() {
    let stage = &stages()[0];
    let first_build = stage.iter().position(|instruction| instruction.rest.contains("cargo build")).unwrap();
    let before: Vec<String> = copied(stage)
        .into_iter()
        .filter(|(place, _)| *place < first_build)
        .map(|(_, source)| source)
        .collect();
    assert_eq!(before, ["Cargo.toml", "Cargo.lock", ".cargo"]);
    for build in stage.iter().filter(|instruction| instruction.rest.contains("cargo build")) {
        assert!(build.rest.contains("cargo build --release --locked"), "{build:?}");
    }
    let last_build = stage.iter().rfind(|instruction| instruction.rest.contains("cargo build")).unwrap();
    assert!(
        last_build.rest.starts_with("touch build.rs src/lib.rs src/main.rs "),
        "or the empty crate is shipped"
    );
}

#[test]
fn every_source_of_the_crate_is_copied() {
    let copied: Vec<String> = copied(&stages()[0]).into_iter().map(|(_, source)| source).collect();
    let ignored = read(".dockerignore");
    let let_through: BTreeSet<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert_eq!(ignored.lines().find(|line| !line.starts_with('#')), Some("*"));
    let all: BTreeSet<&str> = copied.iter().map(String::as_str).collect();
    assert_eq!(all, let_through, "the copied files and those that .dockerignore allows");
    for source in &copied {
        assert!(Path::new(HERE).join(source).exists(), "{source}");
    }
    for (file, embedded) in embedded() {
        let inside = copied.iter().any(|source| embedded.starts_with(source));
        assert!(
            inside,
            "{} embeds {}, which the image is not built with",
            file.display(),
            embedded.display()
        );
    }
}

/// Returns every file that the crate embeds, except those of tests: the place that embeds it, and its path
/// from the repository's root.
fn embedded() -> Vec<(PathBuf, PathBuf)> {
    let root = Path::new(HERE).canonicalize().unwrap();
    let found: Vec<(PathBuf, PathBuf)> = sources(root.join("src"))
        .into_iter()
        .flat_map(|file| embedded_in(&file, &root).into_iter().map(move |path| (file.clone(), path)))
        .map(|(file, path)| (file, path.strip_prefix(&root).unwrap().to_owned()))
        .collect();
    assert!(found.len() > 5, "only {found:?} were found: they are written in another way");
    found
}

fn embedded_in(file: &Path, root: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(file).unwrap();
    let beside = file.parent().unwrap();
    let macros = [("include_str!(\"", beside), ("include_bytes!(\"", beside), ("migrate!(\"", root)];
    let paths = macros.iter().flat_map(|(call, base)| {
        let arguments = text.split(call).skip(1).map(|rest| rest.split('"').next().unwrap());
        arguments.map(move |path| base.join(path).canonicalize().unwrap())
    });
    paths.collect()
}

fn sources(folder: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|entry| match entry.is_dir() {
        true if entry.ends_with("tests") => Vec::new(),
        true => sources(entry),
        false => vec![entry],
    });
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect()
}

#[test]
fn its_labels_agree_with_the_crate() {
    let labels = pairs_of_image("LABEL");
    let label = |name: &str| labels[&format!("org.opencontainers.image.{name}")].as_str();
    assert_eq!(label("title"), env!("CARGO_PKG_NAME"));
    assert_eq!(label("description"), env!("CARGO_PKG_DESCRIPTION"));
    assert_eq!(label("licenses"), env!("CARGO_PKG_LICENSE"));
    assert_eq!(
        (label("version"), label("source"), label("revision")),
        ("${VERSION}", "${SOURCE}", "${REVISION}")
    );
    assert_eq!(pairs_of_image("ARG")["VERSION"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn it_is_built_with_the_toolchain_of_the_repository_and_the_c_library_of_the_image() {
    let stages = stages();
    let channel = read("rust-toolchain.toml");
    let channel = channel.split("channel = \"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(stages[0][0].rest, format!("rust:{channel}-slim-bookworm AS build"));
    assert_eq!(stages[1][0].rest, "gcr.io/distroless/cc-debian12:nonroot", "bookworm is Debian 12");
    assert_eq!(stages.len(), 2);
}

#[test]
fn it_runs_as_an_unprivileged_user_without_a_shell() {
    let user = of_image("USER").rest;
    let (user, group) = user.split_once(':').unwrap();
    assert!(user.parse::<u32>().unwrap() > 0 && group.parse::<u32>().unwrap() > 0, "by number, and not root");
    for name in ["ENTRYPOINT", "CMD", "HEALTHCHECK"] {
        of_image(name).exec();
    }
    assert_eq!(of_image("STOPSIGNAL").rest, "SIGTERM");
    assert_eq!(of_image("EXPOSE").rest, pairs_of_image("ENV")["PORT"]);
    let last = stages().pop().unwrap();
    assert!(
        !last.iter().any(|instruction| ["RUN", "VOLUME"].contains(&instruction.name.as_str())),
        "{last:?}"
    );
}
