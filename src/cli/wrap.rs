//! Paragraphs that fit a terminal.

use std::fmt::Write;

/// The width in characters where there is no terminal.
pub(super) const USUAL: usize = 80;
/// The width where lines are neither wrapped nor cut.
pub(super) const UNLIMITED: usize = usize::MAX;
/// The longest line of a paragraph. A longer one would be hard to read on a wide terminal.
const LONGEST_LINE: usize = 100;
/// The length of the longest identifier, that of a key. A word of this length is never broken.
const IDENTIFIER: usize = 43;
/// The shortest part of a broken word.
const SHORTEST_PART: usize = 16;

/// Adds a paragraph whose lines fit a terminal of this width. The first line begins with `first`, the others
/// with as many spaces. A word that is wider than a line is broken, unless it may be an identifier.
pub(super) fn paragraph(text: &mut String, width: usize, first: &str, paragraph: &str) {
    if width == UNLIMITED {
        let _ = writeln!(text, "{}", format!("{first}{paragraph}").trim_end());
        return;
    }
    let (width, begin) = (width.min(LONGEST_LINE), first.chars().count());
    let room = width.saturating_sub(begin).max(SHORTEST_PART);
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in paragraph.split_whitespace().flat_map(|word| parts(word, room)) {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > width {
            let _ = writeln!(text, "{line}");
            line = " ".repeat(begin);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(&word);
        is_empty = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// Breaks a word that does not fit a line.
fn parts(word: &str, room: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() <= room.max(IDENTIFIER) {
        return vec![word.to_owned()];
    }
    letters.chunks(room).map(|part| part.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(width: usize, first: &str, words: &str) -> Vec<String> {
        let mut text = String::new();
        paragraph(&mut text, width, first, words);
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_paragraph_is_wrapped_at_the_width_of_a_terminal() {
        let words = "word ".repeat(20);
        assert_eq!(
            lines(80, "- ", &words),
            [format!("- {}", ["word"; 15].join(" ")), format!("  {}", ["word"; 5].join(" "))]
        );
        assert!(lines(40, "- ", &words).iter().all(|line| line.len() <= 40));
        assert!(lines(400, "- ", &words.repeat(5)).iter().all(|line| line.len() <= LONGEST_LINE));
        assert_eq!(lines(80, "empty   ", ""), ["empty"]);
        assert_eq!(lines(UNLIMITED, "- ", words.trim()), [format!("- {}", words.trim())]);
    }

    #[test]
    fn only_words_that_are_no_identifiers_are_broken() {
        let key = "k".repeat(43);
        assert_eq!(lines(30, "key  ", &key), [format!("key  {key}")]);
        let agent = format!("a {}", "x".repeat(200));
        let shown = lines(80, "agent  ", &agent);
        assert!(shown.len() == 4 && shown.iter().all(|line| line.len() <= 80), "{shown:?}");
    }
}
