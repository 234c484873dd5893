//! The map of OWASP ASVS names tests, files and settings that exist, and every row has a state.

use std::collections::BTreeMap;

use super::{at, read, rows, spans};

const PAGE: &str = "docs/asvs.md";
const STATES: [&str; 3] = ["met", "not applicable", "open"];

/// Panics unless the repository has the named test, file or setting. Returns whether the span names one.
fn check(span: &str, shown: &str) -> bool {
    let settings = read("config/default.toml");
    let (path, name) = span.split_once("::").map_or((span, None), |(path, name)| (path, Some(name)));
    let is_path = !path.contains(' ')
        && ["tests/", "src/", "docs/", "config/", "migrations/", ".ci/"]
            .iter()
            .any(|root| path.starts_with(root));
    let is_file =
        ["Dockerfile", "docker-compose.yml", "deny.toml", "clippy.toml", "Cargo.toml", "Cargo.lock"];
    if is_path || is_file.contains(&path) {
        assert!(at(path).exists(), "{shown}: there is no {path}");
        if let Some(name) = name {
            assert!(read(path).contains(&format!("fn {name}(")), "{shown}: there is no {name} in {path}");
        }
        return true;
    }
    let words = span.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.');
    let is_setting = words && span.contains('.') && !span.starts_with('.') && !span.ends_with('.');
    if is_setting {
        let variable = format!("SVC_{}\n", span.to_uppercase().replace('.', "__"));
        let table = format!("[{span}]\n");
        let is_there = settings.contains(&variable) || settings.contains(&table);
        assert!(is_there, "{shown}: {span} is no setting");
    }
    is_setting
}

/// Returns a number in sortable form: `6.2.1`, or `17` for a whole chapter.
fn order(number: &str) -> Vec<u32> {
    number.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("{number} is no number"))).collect()
}

#[test]
fn every_row_has_a_state_and_names_existing_things() {
    let page = read(PAGE);
    let rows: Vec<_> =
        rows(&page).into_iter().filter(|row| row[0].starts_with(|c: char| c.is_ascii_digit())).collect();
    assert!(rows.len() > 150, "{} rows were found", rows.len());
    for pair in rows.windows(2) {
        assert!(order(pair[0][0]) < order(pair[1][0]), "{} comes before {}", pair[0][0], pair[1][0]);
    }
    let mut states = BTreeMap::from(STATES.map(|state| (state, 0)));
    for row in &rows {
        let [number, level, text, state, shown_by] = &row[..] else { panic!("{row:?} has not five cells") };
        assert!(["1", "2", "1, 2"].contains(level), "{number} is of the level {level}");
        assert!(!text.is_empty() && !shown_by.is_empty(), "{number} says too little");
        let count = states.get_mut(state).unwrap_or_else(|| panic!("{number} is in the state {state}"));
        *count += 1;
        let links = shown_by.split("](").skip(1).count();
        let named = spans(shown_by).filter(|span| check(span, number)).count();
        assert!(*state != "met" || named + links > 0, "{number} is met, and nothing shows it");
    }
    let summary = STATES.map(|state| format!("{} {state}", states[state])).join(", ");
    assert!(page.contains(&summary), "the page does not say: {summary}");
}
