//! Circles of files. A file depends on the file that defines what it names, so an export by a `mod.rs` counts
//! as the file behind it. A `mod.rs` exports its children or is imported by them, never both.

use std::collections::{BTreeMap, BTreeSet};

/// The path of a module: `adapters::sqlx::run` is three segments. That of the crate is empty.
type Module = Vec<String>;

/// The files of the crate by their modules.
#[derive(Default)]
pub struct Files(BTreeMap<Module, File>);

#[derive(Default)]
struct File {
    code: String,
    uses: Vec<Name>,
    paths: Vec<Name>,
}

/// A path that a file names.
struct Name {
    line: usize,
    /// From the root of the crate.
    path: Module,
    /// How the file calls it.
    alias: String,
    is_exported: bool,
}

/// A dependency of one file on another one, with a line that causes it.
type Dependencies = BTreeMap<Module, BTreeMap<Module, String>>;

impl Files {
    /// Adds a file by its path below `src` without its extension. `code` has no comments and no tests.
    pub fn add(&mut self, path: &str, code: String) {
        let mut module: Module = path.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| ["mod", "lib"].contains(&last.as_str())) {
            module.pop();
        }
        self.0.insert(module, File { code, ..File::default() });
    }

    /// Reads the paths of all files. Call it when all are added.
    pub fn read(mut self) -> Self {
        let modules: BTreeSet<Module> = self.0.keys().cloned().collect();
        for (module, file) in &mut self.0 {
            let mut inline: Vec<String> = Vec::new();
            let mut rest = file.code.lines().enumerate();
            while let Some((number, line)) = rest.next() {
                let indent = &line[..line.len() - line.trim_start().len()];
                if inline.last().is_some_and(|end| line == end) {
                    inline.pop();
                }
                let mut text = line.trim().to_owned();
                let statement = text.strip_prefix("pub").map_or(text.as_str(), |text| {
                    text.split_once(' ').map_or("", |(scope, text)| {
                        if scope == "(in" { text.split_once(' ').map_or("", |(_, text)| text) } else { text }
                    })
                });
                if statement.starts_with("mod ") && text.ends_with('{') {
                    inline.push(format!("{indent}}}"));
                }
                let is_exported = text.starts_with("pub");
                let absolute = |path: &str| absolute(module, &modules, inline.len(), path);
                if let Some(tree) = statement.strip_prefix("use ").map(str::to_owned) {
                    text = tree;
                    while !text.ends_with(';') {
                        let Some((_, line)) = rest.next() else { break };
                        text += line.trim();
                    }
                    for (path, alias) in expanded(text.trim_end_matches(';')) {
                        let Some(path) = absolute(&path) else { continue };
                        file.uses.push(Name { line: number + 1, path, alias, is_exported });
                    }
                    continue;
                }
                // What follows `$crate` belongs to the files in which the macro is used.
                for token in text.split(|c: char| !c.is_alphanumeric() && !"_:$".contains(c)) {
                    let token = token.trim_matches(':');
                    if let Some(path) = token.contains("::").then(|| absolute(token)).flatten() {
                        let alias = path.last().cloned().unwrap_or_default();
                        file.paths.push(Name { line: number + 1, path, alias, is_exported: false });
                    }
                }
            }
        }
        self
    }

    /// The groups of files that depend on each other, each with its dependencies.
    pub fn circles(&self, is_allowed: impl Fn(&str) -> bool) -> Vec<String> {
        let mut dependencies = self.dependencies();
        for (from, targets) in &mut dependencies {
            targets.retain(|to, _| !is_allowed(&arrow(from, to)));
        }
        let closure: BTreeMap<&Module, BTreeSet<&Module>> =
            dependencies.keys().map(|from| (from, reached(&dependencies, from))).collect();
        let reaches =
            |from: &Module, to: &Module| closure.get(from).is_some_and(|targets| targets.contains(to));
        let mut found = Vec::new();
        for (from, targets) in &dependencies {
            let back = targets.iter().filter(|(to, _)| reaches(to, from));
            found.extend(back.map(|(to, line)| format!("{}: {line}", arrow(from, to))));
        }
        found
    }

    /// Imports from a `mod.rs` by its own children, while it exports some of them.
    pub fn imports_from_exporters(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (module, file) in &self.0 {
            for name in file.uses.iter().chain(&file.paths) {
                let Some(near) = self.nearest(&name.path) else { continue };
                let is_parent = near.len() < module.len() && module.starts_with(&near);
                if is_parent && near.len() < name.path.len() && self.exports_children(&near) {
                    found.push(format!("{}: {}", shown(module, name.line), name.path.join("::")));
                }
            }
        }
        found
    }

    fn exports_children(&self, module: &Module) -> bool {
        let is_child = |path: &Module| self.nearest(path).is_some_and(|file| file.len() > module.len());
        let mut exports = self.0[module].uses.iter().filter(|name| name.is_exported);
        exports.any(|name| name.path.starts_with(module) && is_child(&name.path))
    }

    fn dependencies(&self) -> Dependencies {
        let mut dependencies = Dependencies::new();
        for (module, file) in &self.0 {
            for name in file.uses.iter().chain(&file.paths) {
                let of_child = |near: Module| near.len() > module.len() && near.starts_with(module);
                if name.is_exported && self.nearest(&name.path).is_some_and(of_child) {
                    continue;
                }
                let target = match name.path.split_last() {
                    Some((last, path)) if last == "*" => self.0.contains_key(path).then(|| path.to_vec()),
                    _ => self.definition(&name.path, 0),
                };
                if let Some(target) = target.filter(|target| target != module) {
                    let line = format!("{}: {}", shown(module, name.line), name.path.join("::"));
                    dependencies.entry(module.clone()).or_default().entry(target).or_insert(line);
                }
            }
        }
        dependencies
    }

    /// The file whose path is the longest beginning of this path.
    fn nearest(&self, path: &[String]) -> Option<Module> {
        (0..=path.len())
            .rev()
            .map(|end| &path[..end])
            .find(|path| self.0.contains_key(*path))
            .map(<[_]>::to_vec)
    }

    /// The file that defines what a path names; `None` for a module.
    fn definition(&self, path: &Module, depth: usize) -> Option<Module> {
        let near = self.nearest(path)?;
        let name = path.get(near.len())?;
        let file = &self.0[&near];
        if depth > 8 || file.defines(name) {
            return Some(near);
        }
        let named = file.uses.iter().find(|exported| &exported.alias == name);
        let all = || file.uses.iter().filter(|exported| exported.alias == "*");
        let through = |exported: &Name| {
            let mut path = exported.path[..exported.path.len() - 1].to_vec();
            path.push(name.clone());
            let found = self.definition(&path, depth + 1)?;
            self.0[&found].defines(name).then_some(found)
        };
        let target = named.and_then(|exported| self.definition(&exported.path, depth + 1));
        Some(target.or_else(|| all().find_map(through)).unwrap_or(near))
    }
}

impl File {
    fn defines(&self, name: &str) -> bool {
        let kinds = ["struct", "enum", "trait", "fn", "const", "static", "type", "macro_rules!"];
        kinds.iter().any(|kind| {
            self.code
                .split(&format!("{kind} {name}"))
                .skip(1)
                .any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    }
}

fn arrow(from: &Module, to: &Module) -> String {
    format!("{} -> {}", from.join("/"), to.join("/"))
}

fn shown(module: &Module, line: usize) -> String {
    format!("{}:{line}", module.join("/"))
}

fn reached<'a>(dependencies: &'a Dependencies, from: &'a Module) -> BTreeSet<&'a Module> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(next) = open.pop() {
        for target in dependencies.get(next).into_iter().flatten().map(|(target, _)| target) {
            if found.insert(target) {
                open.push(target);
            }
        }
    }
    found
}

/// A path from the root of the crate; `None` for a path into a library. The file may have inline modules
/// around the path.
fn absolute(module: &Module, modules: &BTreeSet<Module>, inline: usize, path: &str) -> Option<Module> {
    let mut segments: Vec<String> = path.split("::").map(str::to_owned).collect();
    let supers = segments.iter().take_while(|segment| *segment == "super").count();
    let (mut base, skipped) = match segments[0].as_str() {
        "crate" => (Module::new(), 1),
        "self" => (module.clone(), 1),
        "super" if supers > inline => (module[..module.len().checked_sub(supers - inline)?].to_vec(), supers),
        "super" => return None,
        first => {
            let child = [module.as_slice(), &[first.to_owned()]].concat();
            modules.contains(&child).then(|| (module.clone(), 0))?
        }
    };
    base.extend(segments.drain(skipped..).filter(|segment| segment != "self"));
    Some(base)
}

/// The paths of a tree of a `use`, each with the name that it gets.
fn expanded(tree: &str) -> Vec<(String, String)> {
    let tree = tree.trim();
    let Some((before, inner)) = tree.split_once('{') else {
        let (path, alias) =
            tree.split_once(" as ").unwrap_or((tree, tree.rsplit("::").next().unwrap_or(tree)));
        return vec![(path.to_owned(), alias.to_owned())];
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut members, mut depth) = (vec![String::new()], 0);
    for c in inner.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match members.last_mut() {
            Some(last) if c != ',' || depth > 0 => last.push(c),
            _ => members.push(String::new()),
        }
    }
    let members =
        members.iter().filter(|member| !member.trim().is_empty()).flat_map(|member| expanded(member));
    members.map(|(path, alias)| (format!("{before}{path}"), alias)).collect()
}

#[test]
fn a_circle_of_files_is_found() {
    let of = |sources: &[(&str, &str)]| {
        let mut files = Files::default();
        for (path, text) in sources {
            files.add(path, crate::code(text));
        }
        files.read()
    };
    let parent = ("a/mod", "mod b;\nmod c;\npub use b::B;\n");
    let files =
        of(&[parent, ("a/b", "use super::c::C;\nstruct B;\n"), ("a/c", "use crate::a::B;\nstruct C;\n")]);
    assert_eq!(files.circles(|_| false).len(), 2, "an export is the file behind it");
    assert_eq!(files.imports_from_exporters(), ["a/c:1: a::B"]);
    let files = of(&[parent, ("a/b", "use super::c::C;\npub struct B;\n"), ("a/c", "pub struct C;\n")]);
    assert!(files.circles(|_| false).is_empty() && files.imports_from_exporters().is_empty());
    let own = of(&[
        ("a/mod", "mod b;\nfn f() {\n    b::f()\n}\nstruct S;\n"),
        ("a/b", "use super::S;\nfn f() {}\n"),
    ]);
    assert_eq!(own.circles(|_| false), ["a -> a/b: a:3: a::b::f", "a/b -> a: a/b:1: a::S"]);
    let inline = of(&[("a", "mod inner {\n    use super::*;\n}\n"), ("lib", "mod a;\nuse a::f;\n")]);
    assert!(inline.circles(|_| false).is_empty());
}
