//! A model of how people type: characters as in common passwords, words, and runs of keys.

use std::collections::HashMap;

use super::typing::{RUNS, WORDS};
use crate::domain::common_passwords;

/// Letters, digits, any other character, and the beginning of a word.
const SYMBOLS: usize = 38;
const OTHER: usize = 36;
const BEGIN: usize = 37;

/// The weight of the probability in a shorter context against the counts in a longer one.
const BACK_OFF: f64 = 5.0;
/// The weight of a word of [`WORDS`], as a multiple of that of a common password.
const WEIGHT: u32 = 20;

/// The costs below are in bits.
const COMMON_PASSWORD: f64 = 15.3;
const WORD: f64 = 9.0;
/// A letter in the same case as the previous letter, and in the other case.
const SAME_CASE: f64 = 0.5;
const OTHER_CASE: f64 = 2.0;
/// A character between two words: the same as before, or another one.
const SAME_SEPARATOR: f64 = 3.8;
const SEPARATOR: f64 = 6.6;
/// A digit or sign instead of a letter.
const DISGUISED: f64 = 3.0;
/// A letter of a non-Latin script. A key with such letters is text in a language.
const OTHER_SCRIPT: f64 = 5.0;

/// A model of how people type.
pub(super) struct Habits {
    /// The cost of each symbol after each pair of symbols.
    costs: Vec<f64>,
    words: HashMap<&'static str, f64>,
    runs: Vec<char>,
    /// The positions in the runs at which each pair of characters occurs.
    pairs: HashMap<[char; 2], Vec<usize>>,
}

/// The frequencies of single symbols, pairs and triples.
struct Counts {
    one: Vec<u32>,
    two: Vec<u32>,
    three: Vec<u32>,
}

impl Counts {
    fn add(&mut self, word: &str, times: u32) {
        let mut before = (BEGIN, BEGIN);
        for symbol in word.chars().map(symbol) {
            self.one[symbol] += times;
            self.two[before.1 * SYMBOLS + symbol] += times;
            self.three[(before.0 * SYMBOLS + before.1) * SYMBOLS + symbol] += times;
            before = (before.1, symbol);
        }
    }

    fn costs(&self) -> Vec<f64> {
        let even = [1.0 / f64::from(38_u32); SYMBOLS];
        let one = mixed(&self.one, &even, f64::from(38_u32));
        let two: Vec<_> = self.two.chunks(SYMBOLS).map(|counts| mixed(counts, &one, BACK_OFF)).collect();
        let contexts = self.three.chunks(SYMBOLS).enumerate();
        let three = contexts.flat_map(|(at, counts)| mixed(counts, &two[at % SYMBOLS], BACK_OFF));
        three.map(|probability| -probability.log2()).collect()
    }
}

/// The probability of each symbol by these counts, mixed with its probability in a shorter context.
fn mixed(counts: &[u32], shorter: &[f64], weight: f64) -> Vec<f64> {
    let all = f64::from(counts.iter().sum::<u32>()) + weight;
    let mix = |(&count, shorter): (&u32, &f64)| (f64::from(count) + weight * shorter) / all;
    counts.iter().zip(shorter).map(mix).collect()
}

impl Habits {
    /// Trains the model on the common passwords of the domain and the lists of `typing`. Takes a few
    /// milliseconds.
    pub(super) fn learn() -> Self {
        let zeros = |length| vec![0; length];
        let (one, two, three) = (zeros(SYMBOLS), zeros(SYMBOLS.pow(2)), zeros(SYMBOLS.pow(3)));
        let (mut counts, mut words) = (Counts { one, two, three }, HashMap::new());
        for word in common_passwords() {
            counts.add(word, 1);
            if word.len() > 3 {
                words.insert(word, COMMON_PASSWORD);
            }
        }
        for word in WORDS.split_whitespace() {
            counts.add(word, WEIGHT);
            if word.len() > 2 {
                words.insert(word, WORD);
            }
        }
        let runs: Vec<char> = RUNS.iter().flat_map(|run| run.chars().chain(['\0'])).collect();
        let mut pairs: HashMap<[char; 2], Vec<usize>> = HashMap::new();
        for (at, pair) in runs.windows(2).enumerate() {
            pairs.entry([pair[0], pair[1]]).or_default().push(at);
        }
        Self { costs: counts.costs(), words, runs, pairs }
    }

    /// The number of positions at which a run can begin.
    pub(super) fn places(&self) -> usize {
        self.runs.len()
    }

    /// The length of the run at the beginning of a text.
    pub(super) fn run(&self, text: &[char]) -> usize {
        let pair = text.first_chunk::<2>().and_then(|pair| self.pairs.get(pair));
        let length = |&at: &usize| self.runs[at..].iter().zip(text).take_while(|(a, b)| a == b).count();
        pair.into_iter().flatten().map(length).max().unwrap_or(0)
    }

    /// The cost of a known word, given in lower case. It does not include the case of its letters.
    pub(super) fn word(&self, word: &str) -> Option<f64> {
        self.words.get(word).copied()
    }

    /// The cost of each character of a text that begins with a word.
    pub(super) fn costs<'a>(&'a self, text: &'a [char]) -> impl Iterator<Item = f64> + 'a {
        let (mut before, mut upper, mut separator) = ((BEGIN, BEGIN), None, None);
        text.iter().map(move |&c| {
            let letter = letter_for(c);
            if !c.is_alphanumeric() && letter.is_none() {
                before = (BEGIN, BEGIN);
                return if separator.replace(c) == Some(c) { SAME_SEPARATOR } else { SEPARATOR };
            }
            if !c.is_ascii() {
                return OTHER_SCRIPT;
            }
            let is_upper = c.is_ascii_uppercase();
            let case = match c.is_ascii_alphabetic().then(|| upper.replace(is_upper)) {
                Some(Some(before)) if before != is_upper => OTHER_CASE,
                Some(_) => SAME_CASE,
                None => 0.0,
            };
            let plain = symbol(c);
            let (mut cost, mut chosen) = (self.cost(before, plain), plain);
            if let Some(letter) = letter.map(symbol) {
                let disguised = self.cost(before, letter) + DISGUISED;
                if disguised < cost || plain == OTHER {
                    (cost, chosen) = (disguised, letter);
                }
            }
            before = (before.1, chosen);
            cost + case
        })
    }

    fn cost(&self, before: (usize, usize), symbol: usize) -> f64 {
        self.costs[(before.0 * SYMBOLS + before.1) * SYMBOLS + symbol]
    }
}

fn symbol(c: char) -> usize {
    const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    ALPHABET.find(c.to_ascii_lowercase()).unwrap_or(OTHER)
}

/// The letter that a digit or sign replaces in words such as `p4$$w0rd`.
pub(super) fn letter_for(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        '9' => 'g',
        _ => return None,
    })
}
