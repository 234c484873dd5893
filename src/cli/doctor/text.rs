use crate::usecases::{Advice, Finding};

/// The width of the text.
const WIDTH: usize = 80;
/// The columns before the text: the verdict and the name of the check.
const STATE: usize = 6;
const NAME: usize = 19;

/// Formats each finding as a line, with its advice below it.
pub(super) fn lines(findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for Finding { check, state, measured, advice } in findings {
        let begin = format!("{:STATE$}{check:NAME$}", state.as_str());
        lines.extend(wrapped(&begin, measured));
        if let Some(Advice { means, cure }) = advice {
            lines.extend(wrapped(&format!("{:STATE$}means: ", ""), means));
            lines.extend(wrapped(&format!("{:STATE$}do:    ", ""), cure));
        }
    }
    lines.join("\n")
}

/// Breaks a text between words, and indents its other lines like the first one.
fn wrapped(begin: &str, text: &str) -> Vec<String> {
    let indent = " ".repeat(begin.chars().count());
    let mut lines = Vec::new();
    let mut line = begin.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_fit_the_width_of_a_terminal() {
        let long = "postgres://svc:****@db.example.com/svc refuses the password of the role ".repeat(3);
        let findings = [
            Finding::ok("schema", "all 15 migrations are applied"),
            Finding::fail("database", &long, &long, "start it"),
        ];
        let text = lines(&findings);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "ok    schema             all 15 migrations are applied");
        assert!(lines[1].starts_with("fail  database           postgres://"), "{text}");
        assert!(lines[2].starts_with("                         "), "{text}");
        assert!(
            text.contains("\n      means: postgres") && text.ends_with("\n      do:    start it"),
            "{text}"
        );
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{text}");
    }
}
