//! The shortest description of a text, in bits, given a model of how people type.
//!
//! A text is cut into segments: single characters, typed words, runs of keys, copies of earlier parts,
//! progressions and dates. Each segment has a cost from which a decoder could work, so a random text saves
//! `n` bits with a probability of about 2^-n: a text that saves many bits is not random.

use std::ops::Range;

use super::habits::{Habits, letter_for};

/// The length of the shortest segment, and the longest typed one, in characters.
const SHORTEST: usize = 3;
const LONGEST_TYPED: usize = 40;
const LONGEST_WORD: usize = 16;

/// The costs below are in bits. This one marks a character that is described by itself.
const LITERAL: f64 = 0.05;
/// Marks the beginning of a segment of another kind.
const SEGMENT: f64 = 3.0;
const TYPED: f64 = 5.0;
const DATE: f64 = 19.0;
/// Selects one of the four strides of a progression.
const STRIDE: f64 = 3.0;
/// Selects one of the nine keys of the home row, for a text that is drummed with the fingers.
const DRUMMED: f64 = 3.2;

/// The length of the shortest description of a text. A single character costs `literal` bits. Without habits
/// the description uses only repetitions and progressions, as for bytes that are not text.
pub(super) fn bits(text: &[char], literal: f64, habits: Option<&Habits>) -> f64 {
    let reversed: Vec<char> = text.iter().rev().copied().collect();
    let forwards = Description::of(text, literal, habits);
    forwards.min(Description::of(&reversed, literal, habits))
}

struct Description<'a> {
    text: &'a [char],
    /// The text in lower case.
    folded: Vec<char>,
    /// The lower-case text with letters instead of the digits and signs that replace them.
    plain: Vec<char>,
    /// The bits that give the position of a copied segment.
    places: f64,
    /// The fewest bits for each prefix of the text.
    fewest: Vec<f64>,
}

impl<'a> Description<'a> {
    fn of(text: &'a [char], literal: f64, habits: Option<&Habits>) -> f64 {
        let folded: Vec<char> = text.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
        let plain = folded.iter().map(|&c| letter_for(c).unwrap_or(c)).collect();
        let places = number(habits.map_or(0, Habits::places) + text.len()).log2();
        let mut fewest = vec![f64::INFINITY; text.len() + 1];
        fewest[0] = 0.0;
        let mut description = Self { text, folded, plain, places, fewest };
        for at in 0..text.len() {
            description.take(at, 1, literal + LITERAL);
            if let Some(habits) = habits {
                description.typed(at, habits);
                description.words(at, habits);
                description.runs(at, habits);
            }
            description.copies(at);
            description.progressions(at);
        }
        description.fewest[text.len()]
    }

    /// Records that the text up to `at` and this segment can be described with `cost` more bits.
    fn take(&mut self, at: usize, length: usize, cost: f64) {
        let bits = self.fewest[at] + cost;
        let fewest = &mut self.fewest[at + length];
        *fewest = fewest.min(bits);
    }

    fn typed(&mut self, at: usize, habits: &Habits) {
        let rest = &self.text[at..];
        let rest = &rest[..rest.len().min(LONGEST_TYPED)];
        let (mut typed, mut drummed) = (TYPED, TYPED);
        for (length, (cost, &c)) in (1..).zip(habits.costs(rest).zip(rest)) {
            typed += cost;
            drummed += if "asdfghjkl".contains(c) { DRUMMED } else { f64::INFINITY };
            if length >= SHORTEST {
                self.take(at, length, typed.min(drummed));
            }
        }
        if let Some(length) = date(rest) {
            self.take(at, length, DATE);
        }
    }

    fn words(&mut self, at: usize, habits: &Habits) {
        let is_of_word = |c: &&char| c.is_ascii_alphanumeric();
        let longest = self.plain[at..].iter().take(LONGEST_WORD).take_while(is_of_word).count();
        for length in SHORTEST..=longest {
            let range = at..at + length;
            let disguised = self.folded[range.clone()].iter().filter(|c| letter_for(**c).is_some()).count();
            let cost = |spelling: &[char], signs| {
                let word: String = spelling[range.clone()].iter().collect();
                habits.word(&word).map(|cost| cost + 2.0 * number(signs) + self.case(range.clone()))
            };
            let plain = if disguised > 0 { cost(&self.plain, disguised) } else { None };
            let costs = [cost(&self.folded, 0), plain];
            for cost in costs.into_iter().flatten() {
                self.take(at, length, cost);
            }
        }
    }

    fn runs(&mut self, at: usize, habits: &Habits) {
        for length in SHORTEST..=habits.run(&self.folded[at..]) {
            let cost = SEGMENT + self.places + number(length).log2() + self.case(at..at + length);
            self.take(at, length, cost);
        }
    }

    fn copies(&mut self, at: usize) {
        for from in 0..at {
            // A copy may overlap itself, as in a text that repeats.
            let same = self.folded[from..].iter().zip(&self.folded[at..]).take_while(|(a, b)| a == b).count();
            for length in SHORTEST..=same {
                let exact = self.text[from..from + length] == self.text[at..at + length];
                let case = if exact { 0.5 } else { 1.5 + self.case(at..at + length) };
                self.take(at, length, SEGMENT + self.places + number(length).log2() + case);
            }
        }
    }

    /// Progressions continue the characters before them: 1 2 3, a c e, or a 1 b 2 c 3 with a stride of two.
    fn progressions(&mut self, at: usize) {
        for stride in (1..=4).take_while(|stride| at >= 2 * stride) {
            let code = |at: usize| i64::from(u32::from(self.text[at]));
            let goes_on = |at: &usize| code(*at) == 2 * code(at - stride) - code(at - 2 * stride);
            let length = (at..self.text.len()).take_while(goes_on).count();
            for length in SHORTEST..=length {
                self.take(at, length, SEGMENT + STRIDE + number(length).log2());
            }
        }
    }

    /// The bits that tell which letters of a segment are in upper case.
    fn case(&self, range: Range<usize>) -> f64 {
        let cases = self.text[range].iter().filter(|c| c.is_alphabetic()).map(|c| c.is_uppercase());
        let mut before = None;
        let cost = |case| match before.replace(case) {
            None => 0.5,
            Some(before) if before == case => 0.2,
            Some(_) => 3.0,
        };
        cases.map(cost).sum()
    }
}

/// The length of a date of eight digits at the beginning of a text, with or without separators.
fn date(text: &[char]) -> Option<usize> {
    let (mut digits, mut length) = (Vec::new(), 0);
    for c in text {
        match c.to_digit(10) {
            Some(digit) => digits.push(digit),
            None if "-/._ ".contains(*c) && !digits.is_empty() => {}
            None => return None,
        }
        length += 1;
        if digits.len() == 8 {
            break;
        }
    }
    let part =
        |range: Range<usize>| Some(digits.get(range)?.iter().fold(0, |number, digit| number * 10 + digit));
    let is_date = |year: u32, one: u32, other: u32| {
        (1900..2100).contains(&year)
            && (1..=12).contains(&one.min(other))
            && (1..=31).contains(&one.max(other))
    };
    let first = is_date(part(0..4)?, part(4..6)?, part(6..8)?);
    let last = is_date(part(4..8)?, part(0..2)?, part(2..4)?);
    (first || last).then_some(length)
}

pub(super) fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
