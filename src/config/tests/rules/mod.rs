//! Every production rule from both sides: the smallest value that breaks it, and the nearest one that keeps
//! it.

mod cases;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use self::cases::{CASES, GOOD, KEY, Values};
use super::Place;
use crate::config::check::production::{RULES, Verdict};
use crate::config::variable::variable_of;

/// A place with the good values, overridden by these.
fn place(values: &[(&str, &str)]) -> Place {
    let settings: BTreeMap<&str, &str> =
        GOOD.iter().chain(values).filter(|(key, _)| !key.starts_with('/')).copied().collect();
    let set = |place: Place, (key, value): (&&str, &&str)| place.variable(&variable_of(key), value);
    let place = settings.iter().fold(Place::default(), set);
    for (path, mode) in values.iter().filter_map(|(key, mode)| Some((key.strip_prefix('/')?, mode))) {
        let path = place.folder.path().join(path);
        if !path.exists() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, KEY).unwrap();
        }
        fs::set_permissions(&path, PermissionsExt::from_mode(u32::from_str_radix(mode, 8).unwrap())).unwrap();
    }
    place
}

fn with<'a>(values: Values, more: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    values.iter().copied().chain([more]).collect()
}

#[test]
fn every_rule_has_its_two_sides_here() {
    let ruled: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(ruled, CASES.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
}

#[test]
fn what_breaks_a_rule_is_refused_or_warned_of_until_it_is_accepted() {
    for (rule, (name, broken, _)) in RULES.iter().zip(CASES) {
        let accepting = place(&with(broken, ("production.accept", name)));
        let said = format!("{}: ", rule.setting());
        match rule.verdict {
            Verdict::Refuse => {
                let errors = place(broken).sources.load().unwrap_err();
                assert_eq!(errors.errors.len(), 1, "{name}: {errors}");
                let text = errors.errors[0].to_string();
                assert!(text.starts_with(&said) && text.contains(rule.wants), "{name}: {text}");
                let text = accepting.refused();
                assert!(text.contains(&format!("rule \"{name}\" cannot be accepted")), "{name}: {text}");
            }
            Verdict::Warn => {
                let warnings = place(broken).load().warnings();
                assert_eq!(warnings.len(), 1, "{name}: {warnings:?}");
                let text = &warnings[0];
                assert!(text.starts_with(&said) && text.contains(rule.wants), "{name}: {text}");
                assert!(text.ends_with(&format!("add \"{name}\" to production.accept")), "{text}");
                assert_eq!(accepting.load().warnings(), Vec::<String>::new(), "{name}");
            }
        }
        let development = place(&with(broken, ("environment", "development")));
        assert!(
            development.load().warnings().iter().all(|warning| !warning.contains("production")),
            "{name}"
        );
    }
}

#[test]
fn the_nearest_value_keeps_every_rule() {
    for (name, _, kept) in CASES {
        assert_eq!(place(kept).load().warnings(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn proxies_are_judged_by_what_they_cover_together() {
    for (networks, rule) in [
        ("0.0.0.0/0", "wide"),
        ("0.0.0.0/1, 128.0.0.0/1", "wide"),
        ("::/0", "wide"),
        ("2000::/3", "wide"),
        ("10.0.0.0/8, 11.0.0.0/8", "wide"),
        ("2600::/12", "wide"),
        ("2600::/16", "public"),
        ("9.0.0.0/8", "public"),
        ("203.0.0.0/16, 203.1.0.0/16", "public"),
        ("2001:db8::/32", ""),
        ("fc00::/7", ""),
        ("10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 203.0.113.7", ""),
    ] {
        let said = match place(&[("server.trusted_proxies", networks)]).sources.load() {
            Err(errors) if errors.to_string().contains("none wider than /8") => "wide",
            Ok(loaded) => match loaded.warnings().as_slice() {
                [] => "",
                [warning] if warning.contains("trusted_proxies:public") => "public",
                other => panic!("{networks}: {other:?}"),
            },
            Err(errors) => panic!("{networks}: {errors}"),
        };
        assert_eq!(said, rule, "{networks}");
    }
}

#[test]
fn each_of_owasps_minima_is_enough_and_a_little_less_is_not() {
    for (memory, iterations, enough) in [
        ("47104", "1", true),
        ("47103", "1", false),
        ("19456", "2", true),
        ("12288", "3", true),
        ("12287", "3", false),
        ("9216", "4", true),
        ("9215", "4", false),
        ("7168", "5", true),
        ("7167", "1000", false),
        ("8", "1", false),
    ] {
        let cost = [("security.password.memory_kib", memory), ("security.password.iterations", iterations)];
        assert_eq!(place(&cost).sources.load().is_ok(), enough, "{memory} {iterations}");
    }
}

#[test]
fn a_rule_that_does_not_exist_is_named_with_what_was_meant() {
    let text = place(&[("production.accept", "database.url:plain")]).refused();
    assert!(
        text.contains("unknown rule \"database.url:plain\"; did you mean \"database.url:plaintext\"?"),
        "{text}"
    );
    let text = place(&[("production.accept", "weather")]).refused();
    assert!(text.contains("see docs/production.md for all rules"), "{text}");
}

#[test]
fn what_is_refused_and_what_is_warned_of_are_said_together() {
    let text = place(&[("cache.url", "redis://cache"), ("security.secret_key", "")]).refused();
    for said in ["has 2 errors", "cache.url: the URL has no password", "security.secret_key: not set"] {
        assert!(text.contains(said), "{text}");
    }
    assert!(text.contains("\n\nwarning: cache.url: the host is another machine"), "{text}");
}

#[test]
fn the_documentation_has_every_rule_as_it_is() {
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/production.md"));
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), RULES.len());
    for (rule, row) in RULES.iter().zip(rows) {
        let verdict = match rule.verdict {
            Verdict::Refuse => "refused",
            Verdict::Warn => "warned",
        };
        let begin = format!("| `{}` | {verdict} | ", rule.name);
        let plain = row.replace('`', "");
        assert!(row.starts_with(&begin), "{row}\nis not the row of {begin}");
        assert!(plain.ends_with(&format!(" | {} |", rule.wants.replace('`', ""))), "{row}\n{}", rule.wants);
    }
}
