//! Alert rules and the dashboard use metrics that the service has, and the pages explain every alert.

use std::collections::BTreeSet;

use serde_json::Value;
use svc::ports::{Door, Outcome};

use super::{links, read, rows};
use crate::support::document::DOCUMENT;

fn alerts() -> Vec<Value> {
    let file: Value = serde_saphyr::from_str(&read("docs/alerts.yml")).unwrap();
    let groups = file["groups"].as_array().unwrap().clone();
    groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
}

fn dashboard() -> Value {
    serde_json::from_str(&read("docs/grafana.json")).unwrap()
}

/// Finds every text in these members, at any depth.
fn texts(value: &Value, members: &[&str]) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| texts(item, members)).collect(),
        Value::Object(object) => {
            let below = object.iter().flat_map(|(name, value)| match value {
                Value::String(text) if members.contains(&name.as_str()) => vec![text.clone()],
                value => texts(value, members),
            });
            below.collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the names in `docs/metrics.md`, which another test compares with the metrics page; for a histogram
/// also those of its series.
pub fn known() -> (BTreeSet<String>, BTreeSet<String>) {
    let page = read("docs/metrics.md");
    let (mut families, mut series) = (BTreeSet::new(), BTreeSet::new());
    for row in rows(&page).into_iter().filter(|row| row[0].starts_with("`svc_")) {
        let name = row[0].trim_matches('`');
        families.insert(name.to_owned());
        if row[1] == "histogram" {
            series.extend(["bucket", "sum", "count"].map(|part| format!("{name}_{part}")));
        } else {
            series.insert(name.to_owned());
        }
    }
    assert!(series.len() > 20, "{series:?}");
    (families, series)
}

/// Finds the names of metrics in a text.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.starts_with("svc_"))
}

/// Returns the values that an expression requires of a label.
fn asked<'a>(expr: &'a str, label: &str) -> Vec<&'a str> {
    let matchers = expr.split(['{', ',']).map(str::trim).filter_map(|matcher| matcher.strip_prefix(label));
    let values =
        matchers.filter(|rest| rest.starts_with(['=', '!'])).map(|rest| rest.split('"').nth(1).unwrap());
    values.flat_map(|values| values.split('|')).collect()
}

#[test]
fn every_metric_is_one_that_the_service_has() {
    let (families, series) = known();
    let (rules, panels) = (Value::Array(alerts()), dashboard());
    let mut exprs = texts(&rules, &["expr"]);
    exprs.extend(texts(&panels, &["expr", "definition", "query"]));
    assert!(exprs.len() > 60, "{} expressions were found", exprs.len());
    let operations = texts(&DOCUMENT["paths"], &["operationId"]);
    let doors: Vec<&str> = operations.iter().map(String::as_str).chain(Door::WORDS.iter().copied()).collect();
    for expr in &exprs {
        for name in named(expr) {
            assert!(series.contains(name), "{name} is no metric of the service: {expr}");
        }
        for value in asked(expr, "operation") {
            assert!(doors.contains(&value), "{value} is no operation: {expr}");
        }
        for value in asked(expr, "outcome") {
            assert!(Outcome::WORDS.contains(&value), "{value} is no outcome: {expr}");
        }
    }
    let words = ["summary", "description", "title"];
    for text in texts(&rules, &words).into_iter().chain(texts(&panels, &words)) {
        for name in named(&text) {
            assert!(families.contains(name), "{name} is no metric of the service: {text}");
        }
    }
}

#[test]
fn every_alert_says_what_to_do() {
    let page = read("docs/operations.md");
    let tests: Value = serde_saphyr::from_str(&read("docs/alerts.test.yml")).unwrap();
    let tests = tests["tests"].to_string();
    let mut explained = rows(&page).into_iter().filter(|row| row[0].starts_with("`Svc"));
    for rule in alerts() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (name, severity) = (text(&rule["alert"]), text(&rule["labels"]["severity"]));
        assert!(["critical", "warning"].contains(&severity.as_str()), "{name}");
        let notes = &rule["annotations"];
        for (part, value) in [("for", &rule["for"]), ("summary", &notes["summary"])] {
            assert!(!text(value).is_empty(), "{name} has no {part}");
        }
        assert!(text(&notes["description"]).len() > 60, "{name} does not say what to do");
        links::check("here", &text(&notes["runbook"]));
        let expected =
            [format!(r#"{{alertname=\"{name}\""#), format!(r#""alertname":"{name}","exp_alerts":[{{"#)];
        assert!(expected.iter().any(|text| tests.contains(text)), "{name} is never seen to fire");
        let row = explained.next().unwrap_or_else(|| panic!("docs/operations.md does not explain {name}"));
        assert_eq!((row[0].trim_matches('`'), row[1]), (&*name, &*severity), "in the order of the rules");
    }
    assert_eq!(explained.next(), None, "docs/operations.md explains an alert that does not exist");
    let text = read("docs/grafana.json") + &page;
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    for named in words.filter(|word| word.starts_with("Svc")) {
        assert!(alerts().iter().any(|rule| rule["alert"] == named), "{named} is no alert");
    }
}

#[test]
fn every_panel_can_be_understood() {
    let dashboard = dashboard();
    let variables: Vec<_> = texts(&dashboard["templating"], &["name"]);
    assert_eq!(variables, ["datasource", "job", "instance"]);
    let mut ids = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{}", panel["id"]);
        let title = panel["title"].as_str().filter(|title| !title.is_empty()).expect("a panel has no title");
        if panel["type"] == "row" {
            continue;
        }
        for (part, value) in
            [("description", &panel["description"]), ("unit", &panel["fieldConfig"]["defaults"]["unit"])]
        {
            assert!(value.as_str().is_some_and(|text| !text.is_empty()), "{title} has no {part}");
        }
        assert!(!panel["targets"].as_array().unwrap().is_empty(), "{title}");
        for uid in texts(panel, &["uid"]) {
            assert_eq!(uid, "${datasource}", "{title}");
        }
    }
}
