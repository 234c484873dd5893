//! Secrets that a command reads: never from an argument, which every user of the machine can list.

use std::io::{self, IsTerminal, Read};

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::exit::{CliError, Exit};
use super::prompt::ask_hidden;

/// The maximum number of bytes to read: more than any token has.
const LONGEST: u64 = 64 * 1024;

/// Reads a token or the ID of a session from standard input, or prompts for it on a terminal without showing
/// it. Drops what surrounds it where it was copied: a byte-order mark, white space, quotes, and the name of
/// the header or the scheme before it.
pub(super) fn read_token(prompt: &str) -> Result<Zeroizing<String>, CliError> {
    let refused = |reason: &str| CliError::new(Exit::BadData, format!("standard input: {reason}"));
    let text = if io::stdin().is_terminal() {
        Zeroizing::new(ask_hidden(prompt)?.expose_secret().to_owned())
    } else {
        let mut bytes = Zeroizing::new(Vec::new());
        let read = io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| refused(&error.to_string()))?;
        if bytes.len() as u64 > LONGEST {
            return Err(refused("too long for a token"));
        }
        Zeroizing::new(std::str::from_utf8(&bytes).map_err(|_| refused("not valid UTF-8"))?.to_owned())
    };
    match one_word(&text) {
        Ok(word) => Ok(Zeroizing::new(word.to_owned())),
        Err(reason) => Err(refused(reason)),
    }
}

fn one_word(text: &str) -> Result<&str, &'static str> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('{') {
        return Err("expected one token or ID, not a JSON object: `jq -r .access_token` takes it out of one");
    }
    let text = text.trim_matches(['"', '\'']);
    let mut words = text.split_whitespace().peekable();
    words.next_if(|word| word.eq_ignore_ascii_case("authorization:"));
    words.next_if(|word| word.eq_ignore_ascii_case("bearer"));
    let word = words.next().ok_or("empty: expected one token or ID")?;
    match words.next() {
        None => Ok(word),
        Some(_) => Err("more than one word: expected one token or ID"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_read_without_what_surrounds_it() {
        for text in [
            "a.b.c",
            "\u{feff}a.b.c\r\n",
            "  a.b.c\n\n",
            "Bearer a.b.c",
            "bearer  a.b.c\n",
            "\"a.b.c\"\n",
            "'a.b.c'",
            "Authorization: Bearer a.b.c\r\n",
            "\"authorization: Bearer a.b.c\"",
        ] {
            assert_eq!(one_word(text), Ok("a.b.c"), "{text:?}");
        }
        for text in ["", "\n", "\u{feff}", "Bearer ", "a b", "a\nb", "{\"access_token\":\"a.b.c\"}", "\"\""] {
            assert!(one_word(text).is_err(), "{text:?}");
        }
    }
}
