//! Whether a secret key was generated at random or typed by a person.
//!
//! **Here**: [`is_random`]. It describes the key, and its decoded forms, in as few bits as possible
//! (`description`), using a model of how people type (`habits`, `typing`). The description of a random key is
//! not much shorter than the key.
//!
//! **May use**: the common passwords of the domain, and base64.
//!
//! **To detect another habit**: a line in `typing`, and keys of that kind in the tests.

mod description;
mod habits;
#[cfg(test)]
mod tests;
mod typing;

use std::iter::once;

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use self::description::{bits, number};
use self::habits::Habits;

/// A key of fewer bits can be guessed (NIST SP 800-57, part 1: 112 bits are acceptable today).
const FEWEST_BITS: f64 = 112.0;
/// A text with a description below this share of its length is not random. Of 20,000 keys from each of ten
/// generators, none had a description below 0.90.
const SHARE: f64 = 0.85;
/// The cost of a description grows with the square of the length, and a random beginning is sufficient.
const LONGEST: usize = 256;
/// Typed text may be encoded, and the result encoded again.
const DEPTH: usize = 3;
/// Fewer bytes are too short to judge.
const FEWEST_BYTES: usize = 8;

/// Whether a key looks random: neither the key nor the text that it encodes as base64 or hex was typed.
pub(super) fn is_random(key: &str) -> bool {
    is_random_to(&Habits::learn(), key, DEPTH)
}

fn is_random_to(habits: &Habits, key: &str, depth: usize) -> bool {
    let text: Vec<char> = key.chars().take(LONGEST).collect();
    if !is_incompressible(&text, literal(&text), Some(habits)) {
        return false;
    }
    let decoded = if depth == 0 { Vec::new() } else { decodings(key) };
    decoded.iter().all(|bytes| match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(char::is_control) => is_random_to(habits, text, depth - 1),
        _ => {
            let bytes: Vec<char> = bytes.iter().take(LONGEST).map(|&byte| char::from(byte)).collect();
            is_incompressible(&bytes, 8.0, None)
        }
    })
}

fn is_incompressible(text: &[char], literal: f64, habits: Option<&Habits>) -> bool {
    let bits = bits(text, literal, habits);
    bits >= FEWEST_BITS && bits >= SHARE * literal * number(text.len())
}

/// The bits of one character drawn from the smallest common alphabet that contains all of them.
fn literal(text: &[char]) -> f64 {
    let all = |is: &dyn Fn(char) -> bool| text.iter().all(|&c| is(c));
    let any = |is: fn(&char) -> bool| text.iter().any(is);
    let hex = |c: char| c.is_ascii_digit() || matches!(c, 'a'..='f' | '-');
    let upper_hex = |c: char| c.is_ascii_digit() || matches!(c, 'A'..='F' | '-');
    let base64 = |c: char| c.is_ascii_alphanumeric() || "+/-_=".contains(c);
    let [lower, upper, digit] =
        [any(char::is_ascii_lowercase), any(char::is_ascii_uppercase), any(char::is_ascii_digit)];
    if all(&hex) || all(&upper_hex) {
        // A dash, as in a UUID, counts as one more character of the alphabet.
        return if !lower && !upper {
            f64::from(10 + u8::from(any(|&c| c == '-'))).log2()
        } else {
            f64::from(16 + u8::from(any(|&c| c == '-'))).log2()
        };
    }
    if lower && upper && digit && all(&base64) {
        return 6.0;
    }
    let sign = any(|c| c.is_ascii() && !c.is_ascii_alphanumeric());
    let other = any(|c| !c.is_ascii());
    let classes: [(bool, u32); 5] = [(lower, 26), (upper, 26), (digit, 10), (sign, 33), (other, 128)];
    f64::from(classes.iter().filter(|(has, _)| *has).map(|(_, size)| size).sum::<u32>()).log2()
}

/// The bytes that a text encodes as hex or base64.
fn decodings(text: &str) -> Vec<Vec<u8>> {
    let text = text.trim();
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let base64 = |alphabet: &Alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok();
    let decoded = once(hex(text)).chain([&STANDARD, &URL_SAFE].map(base64)).flatten();
    let mut decoded: Vec<_> = decoded.filter(|bytes| bytes.len() >= FEWEST_BYTES).collect();
    decoded.dedup();
    decoded
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok().filter(|_| pair.len() == 2)?;
        pair.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(pair, 16).ok())?
    };
    text.as_bytes().chunks(2).map(byte).collect()
}
