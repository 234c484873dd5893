//! The file `.env`, which other programs read too.

use std::cell::Cell;
use std::io::{self, Read};

use super::environment::{PREFIX, Variable};
use super::layer::Layers;
use super::variable::variable_of;

const FILE: &str = ".env";

/// Reads the variables of the service from the text of `.env`. They do not change the environment of the
/// process.
///
/// Lines of other programs are passed over, whatever their form, and hide no line after them: a quote that
/// one of them leaves open ends before the next line of the service.
pub(super) fn read(layers: &mut Layers<'_>, text: &str) -> Vec<Variable> {
    let next = Cell::new(0);
    let mut variables = Vec::new();
    let mut pairs = dotenvy::Iter::new(Lines { text, next: &next });
    loop {
        let start = content(text, next.get());
        let number = text[..start].matches('\n').count() + 1;
        match pairs.next() {
            None => return variables,
            Some(Ok((name, value))) if Variable::concerns(&name, &value) => {
                let origin = format!("variable {name} in {FILE}, line {number}");
                variables.push(Variable { name, value, origin });
            }
            Some(Ok((name, _))) => {
                refuse_misspelled(layers, &name, number);
                if let Some(ours) = ours_within(&text[start..next.get()]) {
                    next.set(start + ours);
                }
            }
            // The error text of the library quotes the line, which may contain a password.
            Some(Err(_)) => {
                if is_ours(&text[start..]) {
                    let advice = "write a value with spaces or special characters in 'single quotes'";
                    layers.refuse(FILE, format!("line {number} is not NAME=value; {advice}"));
                }
                refuse_misspelled(layers, name_in(&text[start..]), number);
                next.set(start + line_length(&text[start..]));
            }
        }
    }
}

/// A reader that never reads beyond a line, so that `next` is where the next line begins.
struct Lines<'a> {
    text: &'a str,
    next: &'a Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.text[self.next.get()..];
        let line = &rest.as_bytes()[..line_length(rest)];
        let length = line.len().min(buffer.len());
        buffer[..length].copy_from_slice(&line[..length]);
        self.next.set(self.next.get() + length);
        Ok(length)
    }
}

/// Returns the length of the first line, with its line feed.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |end| end + 1)
}

/// Returns where the first line from `start` begins that is neither empty nor a comment.
fn content(text: &str, mut start: usize) -> usize {
    while start < text.len() {
        let line = &text[start..start + line_length(&text[start..])];
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            break;
        }
        start += line.len();
    }
    start
}

/// Returns where in the text of another program's variable a later line begins with a variable of the
/// service.
fn ours_within(text: &str) -> Option<usize> {
    let mut start = line_length(text);
    while start < text.len() {
        if is_ours(&text[start..]) {
            return Some(start);
        }
        start += line_length(&text[start..]);
    }
    None
}

/// Whether the first line begins with the name of a variable of the service.
fn is_ours(text: &str) -> bool {
    Variable::concerns(name_in(text), "")
}

/// Returns the name with which the first line begins.
fn name_in(text: &str) -> &str {
    let line = text.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    line.split(|c: char| c == '=' || c.is_whitespace()).next().unwrap_or_default()
}

/// Refuses a name that would be one of the service in other letters: `svc_server__listen`, `SVC-SERVER`.
fn refuse_misspelled(layers: &mut Layers<'_>, name: &str, number: usize) {
    let meant = name.to_uppercase().replace(['-', '.'], "_");
    if meant == name || !meant.starts_with(PREFIX) || !Variable::concerns(&meant, "") {
        return;
    }
    let key = meant[PREFIX.len()..].to_lowercase().replace("__", ".");
    let known = layers.schema.named(&key).is_some();
    let nearest = if known { Some(key) } else { layers.schema.nearest(&key) };
    let advice = match nearest {
        Some(key) => format!("did you mean {}?", variable_of(&key)),
        None => "variables of the service have capital letters and underscores, as in SVC_SERVER__LISTEN"
            .to_owned(),
    };
    layers.refuse(format!("{FILE}, line {number}"), format!("unknown setting {name}; {advice}"));
}
