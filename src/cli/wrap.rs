//! Paragraphs that fit a terminal.

use std::fmt::Write;

/// The width of a terminal, in characters.
const WIDTH: usize = 80;

/// Adds a paragraph whose lines are not wider than a terminal, unless a word is. The first line begins with
/// `first`, the others with as many spaces.
pub(super) fn paragraph(text: &mut String, first: &str, paragraph: &str) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in paragraph.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = " ".repeat(first.chars().count());
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_wrapped_at_the_width_of_a_terminal() {
        let mut text = String::new();
        paragraph(&mut text, "- ", &"word ".repeat(20));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines, [format!("- {}", ["word"; 15].join(" ")), format!("  {}", ["word"; 5].join(" "))]);
        assert!(lines[0].len() <= WIDTH);
        let mut text = String::new();
        paragraph(&mut text, "- ", &format!("a {}", "x".repeat(90)));
        assert_eq!(text.lines().count(), 2);
    }
}
