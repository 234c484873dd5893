use crate::cli::wrap::paragraph;
use crate::usecases::{Advice, Finding};

/// The width of the verdict before the name of the check.
const STATE: usize = 6;

/// Formats each finding as a paragraph, with its advice below it.
pub(super) fn lines(findings: &[Finding], width: usize) -> String {
    // Two spaces follow the longest name.
    let names = findings.iter().map(|finding| finding.check.chars().count() + 2).max().unwrap_or(0);
    let mut text = String::new();
    for Finding { check, state, measured, advice } in findings {
        paragraph(&mut text, width, &format!("{:STATE$}{check:names$}", state.as_str()), measured);
        if let Some(Advice { means, cure }) = advice {
            paragraph(&mut text, width, &format!("{:STATE$}means: ", ""), means);
            paragraph(&mut text, width, &format!("{:STATE$}do:    ", ""), cure);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_fit_the_width_of_a_terminal() {
        let long = "postgres://svc:****@db.example.com/svc refuses the password of the role ".repeat(3);
        let findings = [
            Finding::ok("broker_dead_letters", "0 dead letters"),
            Finding::fail("database", &long, &long, "start it"),
        ];
        let text = lines(&findings, 80);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "ok    broker_dead_letters  0 dead letters");
        assert!(lines[1].starts_with("fail  database             postgres://"), "{text}");
        assert!(lines[2].starts_with("                           "), "{text}");
        assert!(text.contains("\n      means: postgres"), "{text}");
        assert!(text.ends_with("\n      do:    start it\n"), "{text}");
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{text}");
    }
}
