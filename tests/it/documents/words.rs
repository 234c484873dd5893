//! Texts use the words of docs/glossary.md, avoid the phrases that docs/style.md bans, and fit 110 columns.

mod exceptions;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_dir;
use std::path::Path;

use self::exceptions::{AMBIGUOUS, DATA, PHRASES, WIDE};
use super::{at, read, rows};

/// Where texts are checked: folders with everything in them, and files.
const ROOTS: [&str; 10] = [
    "src",
    "docs",
    "config",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "tests",
    "benches",
    "examples",
];

/// The most columns of a line of prose or of a comment.
const COLUMNS: usize = 110;

/// Every text file under `path`, but for those that hold data, and for libraries that npm has installed.
fn files(path: &Path, found: &mut Vec<String>) {
    if path.ends_with("node_modules") {
        return;
    }
    if path.is_dir() {
        let mut below: Vec<_> = read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        below.sort();
        for path in below {
            files(&path, found);
        }
        return;
    }
    let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap();
    let is_data = DATA.iter().any(|(data, _)| name.starts_with(data) || name.ends_with(data));
    if !is_data && std::fs::read_to_string(path).is_ok() {
        found.push(name.to_owned());
    }
}

fn checked_files() -> Vec<String> {
    let mut found = Vec::new();
    for root in ROOTS {
        files(&at(root), &mut found);
    }
    assert!(found.len() > 300, "{} files were found", found.len());
    found
}

/// A word of a text in lower case, with the bytes that it takes there.
struct Word {
    text: String,
    start: usize,
    end: usize,
}

/// The words of a text; `heldUntil`, `HeldUntil` and `held_until` are two each.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut before = ' ';
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        let is_hump = before.is_lowercase() && c.is_uppercase();
        match words.last_mut() {
            Some(word) if c.is_alphabetic() && word.end == start && !is_hump => {
                word.text.extend(c.to_lowercase());
                word.end = end;
            }
            _ if c.is_alphabetic() => words.push(Word { text: c.to_lowercase().collect(), start, end }),
            _ => {}
        }
        before = c;
    }
    words
}

/// The base with its regular endings.
fn forms(base: &str) -> BTreeSet<String> {
    let stem = base.strip_suffix('e').unwrap_or(base);
    let endings = ["", "s", "es", "d", "ed", "ing"].map(|ending| format!("{base}{ending}"));
    endings.into_iter().chain([format!("{stem}ing")]).collect()
}

/// Whether two words with this text between them are of one sentence or name.
fn joins(gap: &str) -> bool {
    !gap.contains("\n\n") && gap.chars().all(|c| c.is_whitespace() || "/!#*_-".contains(c))
}

/// Phrases by each form of their first word, with the words that follow it.
struct Phrases(BTreeMap<String, Vec<(String, Vec<String>)>>);

impl Phrases {
    fn of(phrases: impl IntoIterator<Item = String>) -> Self {
        let mut all = Self(BTreeMap::new());
        for phrase in phrases.into_iter().collect::<BTreeSet<_>>() {
            let mut parts = words(&phrase).into_iter().map(|word| word.text);
            let (first, rest) = (parts.next().unwrap(), parts.collect::<Vec<_>>());
            for form in forms(&first) {
                all.0.entry(form).or_default().push((phrase.clone(), rest.clone()));
            }
        }
        all
    }

    /// Every place of a phrase: the phrase, and the byte at which it begins.
    fn places(&self, text: &str) -> Vec<(&str, usize)> {
        let words = words(text);
        let mut found = Vec::new();
        for (number, word) in words.iter().enumerate() {
            for (phrase, rest) in self.0.get(&word.text).into_iter().flatten() {
                let Some(window) = words.get(number..=number + rest.len()) else { continue };
                let follows = window[1..].iter().zip(rest).all(|(word, wanted)| word.text == *wanted);
                if follows && window.windows(2).all(|pair| joins(&text[pair[0].end..pair[1].start])) {
                    found.push((phrase.as_str(), word.start));
                }
            }
        }
        found
    }
}

/// The list under "Banned phrases" of docs/style.md.
fn banned() -> Vec<String> {
    let page = read("docs/style.md");
    let (_, section) = page.split_once("## Banned phrases\n").unwrap();
    let list = section.split_once("\n- ").unwrap().1.split("\n\n").next().unwrap();
    without_remarks(list).split('*').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The text without its parentheses.
fn without_remarks(text: &str) -> String {
    let mut parts = text.split('(');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(')').unwrap().1)
}

/// The column "not" of docs/glossary.md, without the words that have another meaning too.
fn replaced() -> Vec<String> {
    let page = read("docs/glossary.md");
    let cells = rows(&page).into_iter().map(|row| without_remarks(row[2]));
    let words: Vec<String> = cells
        .flat_map(|cell| cell.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    for (word, _) in AMBIGUOUS {
        assert!(
            words.iter().any(|replaced| replaced == word),
            "{word} is ambiguous, and not in the glossary"
        );
    }
    let is_checked = |word: &String| !word.is_empty() && !AMBIGUOUS.iter().any(|(other, _)| other == word);
    words.into_iter().filter(is_checked).collect()
}

fn line_of(text: &str, position: usize) -> usize {
    text[..position].matches('\n').count() + 1
}

#[test]
fn only_words_of_the_glossary_are_used() {
    let (banned, replaced) = (banned(), replaced());
    assert!(banned.len() >= 20 && replaced.len() >= 20, "{banned:?} {replaced:?}");
    let phrases = Phrases::of(banned.into_iter().chain(replaced));
    let mut is_used = vec![false; PHRASES.len()];
    let mut wrong = Vec::new();
    for file in checked_files() {
        let text = read(&file);
        for (phrase, start) in phrases.places(&text) {
            let here = text[start..].chars().take(40).collect::<String>().to_lowercase();
            let allowed =
                PHRASES.iter().position(|(path, part, _)| file.starts_with(path) && here.starts_with(part));
            match allowed {
                Some(exception) => is_used[exception] = true,
                None => wrong.push(format!("{file}:{}: {phrase}", line_of(&text, start))),
            }
        }
    }
    for ((path, part, _), is_used) in PHRASES.iter().zip(is_used) {
        if !is_used && !path.is_empty() {
            wrong.push(format!("tests/it/documents/words/exceptions.rs: nothing needs {part:?} of {path:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} phrases, see docs/style.md:\n{}", wrong.len(), wrong.join("\n"));
}

/// The lines of a file that are comments or prose, with their numbers.
fn prose<'a>(file: &str, text: &'a str) -> Vec<(usize, &'a str)> {
    let lines = text.lines().zip(1..).map(|(line, number)| (number, line));
    let kind = Path::new(file).extension().map_or("", |kind| kind.to_str().unwrap());
    let sign = match kind {
        "md" => {
            let mut is_code = false;
            let prose = lines.filter(|(_, line)| {
                is_code ^= line.trim_start().starts_with("```");
                !is_code && !line.starts_with('|')
            });
            return prose.collect();
        }
        "rs" | "js" => "//",
        "sql" => "--",
        "toml" | "yml" | "yaml" | "sh" | "py" | "" => "#",
        _ => return Vec::new(),
    };
    lines.filter(|(_, line)| line.trim_start().starts_with(sign)).collect()
}

#[test]
fn comments_and_prose_fit_the_columns() {
    let mut wrong = Vec::new();
    for file in checked_files().into_iter().filter(|file| !WIDE.iter().any(|(wide, _)| wide == file)) {
        for (number, line) in prose(&file, &read(&file)) {
            let columns = line.chars().count();
            if columns > COLUMNS && !line.contains("://") {
                wrong.push(format!("{file}:{number}: {columns} columns"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_phrase_is_found_in_every_form_and_in_names() {
    let finds = |phrase: &str, text: &str| Phrases::of([phrase.to_owned()]).places(text).len();
    for (phrase, text) in [
        ("hand on", "events are handed on"),
        ("hand on", "/// Events are handed\n    /// on."),
        ("held until", "lease.held_until = now"),
        ("held until", "struct HeldUntil;"),
        ("telling", "TellingStore"),
        ("trade", "Trading a token"),
        ("nobody", "it_runs_as_nobody_here"),
    ] {
        assert_eq!(finds(phrase, text), 1, "{phrase} in {text}");
    }
    for (phrase, text) in [
        ("mend", "amend, recommend, commend"),
        ("hand on", "at hand. On the other"),
        ("hand on", "at hand\n\non the other"),
        ("told", "toldify"),
    ] {
        assert_eq!(finds(phrase, text), 0, "{phrase} in {text}");
    }
}
